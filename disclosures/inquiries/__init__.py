"""Requests to the operator: sending one, looking up its status, and what is written of each step."""
