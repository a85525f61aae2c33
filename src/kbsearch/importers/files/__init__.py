"""Importers of plain formats: markdown, tables, mail, our own JSON lines."""
