"""Proving again what the database holds: every hash, reference, flag, count and trigger. Reads only, bounded memory."""
