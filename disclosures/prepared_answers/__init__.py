"""Prepared answers to requests to the operator: their files, their pages at the desk, their placeholders."""
