"""Gated rebuilds: what must be caught, and what must be let through."""
