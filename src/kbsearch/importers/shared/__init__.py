"""What several importers write alike."""
