"""A pack about a flagged disclosure, which its person takes to a data protection authority."""
