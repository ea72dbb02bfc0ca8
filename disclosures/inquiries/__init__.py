"""Requests to the operator: sending one, looking up its status, answering it."""
