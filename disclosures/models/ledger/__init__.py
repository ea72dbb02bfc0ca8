"""What was provided, what was said about it later, and who it is shown to."""
