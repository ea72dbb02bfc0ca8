"""How people get in: log-in, sessions, and proving once more who they are."""
