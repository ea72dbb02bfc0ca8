"""Asking a person and recording the answer: requests, decisions, standing rules and permission checks."""
