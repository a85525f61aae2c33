"""Exact identifiers: an error code, a version, a path that few documents hold finds them."""
