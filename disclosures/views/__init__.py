"""Pages: each view turns a request into a response."""
