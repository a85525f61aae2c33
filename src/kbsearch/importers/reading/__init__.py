"""Exports as named tables of records, whatever they are kept in."""
