"""Logging in elsewhere: the company’s log-in for people and that of staff, by OpenID Connect."""
