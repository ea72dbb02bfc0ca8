"""The API itself, whatever is called: wiring, description, problems, quotas."""
