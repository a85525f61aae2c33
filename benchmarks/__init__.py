"""Measurements: relevance, speed, size. Run as scripts; data folders are arguments."""
