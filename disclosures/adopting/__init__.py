"""Making a center one's own: the answers that begin it, and what becomes of them (docs/adopt.md)."""
