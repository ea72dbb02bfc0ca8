"""Repeatable measurements of the product; each prints one table. README.md says how to read them."""
