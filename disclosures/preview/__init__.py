"""The working copy as visitors would see it, for the desk: the public pages, with a way to what can be edited."""
