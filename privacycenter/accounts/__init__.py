"""Accounts: log-in, sessions and reauthentication."""
