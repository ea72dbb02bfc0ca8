"""Requests to the operator, their files, and the pages that show an answer once."""
