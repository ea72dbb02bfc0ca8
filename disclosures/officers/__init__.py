"""The privacy officer's desk: cases, one person's record, and who looked at whose."""
