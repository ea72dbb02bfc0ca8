"""Requests to the operator: filed, looked up, answered."""
