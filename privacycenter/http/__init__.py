"""HTTP: requests of people, cached responses, limits, and calls to other servers."""
