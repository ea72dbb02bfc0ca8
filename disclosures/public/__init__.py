"""The public site: pages, search and glossary, read from the newest publication and the same for everyone."""
