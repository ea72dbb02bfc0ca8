"""What was published, what is proposed, and who may approve."""
