"""Erasing a person after the time of their record: by command, and at the officers' desk."""
