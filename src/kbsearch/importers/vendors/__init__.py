"""Importers of helpdesks: one module knows one vendor."""
