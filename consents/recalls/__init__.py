"""Recalls: recipients are asked to delete, correct or stop using data, and each answer is followed to its end."""
