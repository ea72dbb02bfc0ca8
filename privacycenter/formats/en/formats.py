"""How English pages write dates in tables: Django's own, 11/09/2026, is the ninth of November to some and the eleventh of
September to others."""

SHORT_DATE_FORMAT = "N j, Y"
SHORT_DATETIME_FORMAT = "N j, Y, H:i"
