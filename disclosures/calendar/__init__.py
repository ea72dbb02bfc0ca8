"""What becomes public when, and what else has its day: for the desk, and for the calendar programs of its people."""
