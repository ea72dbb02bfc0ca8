"""Forms of the desk that nobody saved: sent after a log-in had ended, or drafts. They come back for their writer."""
