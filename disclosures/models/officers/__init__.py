"""The officers' work: cases, incidents, people affected, accounts, and the mails about it."""
