"""Signed copies of decisions, for people to keep."""
