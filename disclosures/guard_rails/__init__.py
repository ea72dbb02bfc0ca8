"""What is checked before content is published, and what keeps it from that."""
