"""Leaving quickly, for people whom somebody must not see here."""
