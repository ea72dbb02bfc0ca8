"""Changing the working copy, whoever does: every change is recorded, with the translations it leaves older."""
