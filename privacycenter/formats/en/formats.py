"""Date formats of English pages: one clock everywhere, without the full stops of Django's “a.m.”, which would stand
before those of sentences; and in tables no 11/09/2026, which is November to some and September to others."""

DATETIME_FORMAT = "N j, Y, g:i A"
TIME_FORMAT = "g:i A"
SHORT_DATE_FORMAT = "N j, Y"
SHORT_DATETIME_FORMAT = "N j, Y, g:i A"
