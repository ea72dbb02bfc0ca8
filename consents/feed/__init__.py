"""The decision feed: what people decided, in order, for services to read."""
