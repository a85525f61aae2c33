"""Customers' shelf as a directory for another host: made, checked where it lies, and proved."""
