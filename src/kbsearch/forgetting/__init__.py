"""Forgetting documents and people: from every file of a desk, provably, for good."""

from kbsearch.forgetting.erasing import forget, go_on_forgetting

__all__ = ["forget", "go_on_forgetting"]
