"""The ledger as one person sees it: always starting from the person, with what was corrected taken into account."""
