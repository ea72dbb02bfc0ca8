"""A person's record as a file: a module for each format. They write what ``queries.record`` reads, no more."""
