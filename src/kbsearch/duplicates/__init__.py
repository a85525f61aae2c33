"""Tickets that tell of one problem: before one is created, over a whole desk, and in bursts."""
