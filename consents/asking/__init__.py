"""Asking a person and recording the answer: requests, decisions and standing rules."""
