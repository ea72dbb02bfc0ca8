"""Requests to the operator at the desk: the list, what is done about one, and how they are answered."""
