"""Accounts at the administrators' desk: staff, and what may be done to anybody's account. No password is set here."""
