"""Entries that editors write, recipients, files, and what belongs to their texts."""
