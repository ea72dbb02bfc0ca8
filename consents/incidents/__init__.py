"""Incidents: the officer's work on a breach, the notice to everybody affected, and what each of them reads."""
