"""Telling people what is new, on the site and by mail, as they chose."""
