"""The working copy, publications and proposals, and the checks before publishing."""
