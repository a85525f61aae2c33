"""The wall as a help: what may leave, what should, and how it should read for customers."""
