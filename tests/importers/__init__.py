"""Importers: their contract, one module of tests each, and samples in the vendors' shapes."""
