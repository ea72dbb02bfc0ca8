"""Repeatable measurements of the product; each prints one table. How to read them: README.md."""
