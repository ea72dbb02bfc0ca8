"""The working copy and publications: what is frozen, the checks before, and what differs."""
