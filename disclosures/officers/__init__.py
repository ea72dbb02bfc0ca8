"""The privacy officer's desk: cases, one person's record, and the log of accesses."""
