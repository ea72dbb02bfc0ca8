"""The API as a whole: wiring, description, problems and quotas."""
