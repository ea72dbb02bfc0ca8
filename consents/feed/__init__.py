"""What people decided, in order, for services to read."""
