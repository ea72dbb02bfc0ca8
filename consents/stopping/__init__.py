"""Stopping one recipient, all abroad, or everything, in one task."""
