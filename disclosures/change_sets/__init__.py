"""Change sets: changes that belong together, under a name, and what editors do with them."""
