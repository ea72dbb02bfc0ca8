"""The public site: pages, search and glossary, read from the newest publication, the same for everyone."""
