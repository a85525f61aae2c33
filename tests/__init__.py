"""Tests are the specification: each name is a claim."""
