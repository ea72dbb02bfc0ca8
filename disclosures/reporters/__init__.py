"""Reporters: their credentials and tokens, authentication of calls, and request and response schemas shared by all
calls."""
