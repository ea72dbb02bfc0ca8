"""Representatives: parents, guardians and agents who act for a person."""
