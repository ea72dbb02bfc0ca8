"""Writes: each is one atomic step that leaves a complete state."""
