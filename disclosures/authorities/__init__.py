"""The list of data protection authorities at the desk."""
