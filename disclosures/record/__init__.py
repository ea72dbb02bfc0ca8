"""A person's view of the ledger. Every query starts from the person and takes corrections into account."""
