"""The order of pages, of sections and of the entries in them."""
