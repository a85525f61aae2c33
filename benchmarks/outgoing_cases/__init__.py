"""Drafts that were written to measure `check_outgoing` with, against the demo desk."""
