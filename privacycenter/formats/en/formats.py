"""Date formats in tables of English pages: Django's own, 11/09/2026, is November to some and September to others."""

SHORT_DATE_FORMAT = "N j, Y"
SHORT_DATETIME_FORMAT = "N j, Y, H:i"
