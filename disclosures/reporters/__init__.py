"""Reporters: credentials, tokens, authentication of calls, and schemas shared by all calls."""
