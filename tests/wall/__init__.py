"""The wall: nothing that stands beyond it changes anything that its watchers can see."""
