"""Completeness of the reports: what reporters say they sent, compared with what arrived."""
