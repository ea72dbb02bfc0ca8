"""Reads: each returns exactly what one page or one answer needs."""
