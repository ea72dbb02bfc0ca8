"""Forms of the desk that were sent after a log-in had ended: kept for their sender, and shown again filled in."""
