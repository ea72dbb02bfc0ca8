"""Attacks on the site as it is run in production."""
