"""Notices to people, on the site and by e-mail, as they chose."""
