"""Verification of what is stored: publications, the ledger with its flags, and the counters."""
