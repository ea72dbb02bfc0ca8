"""How much may be uploaded, and how long it is kept. Pure but for the settings."""

from datetime import timedelta

from django.conf import settings

MIB = 1024 * 1024
# What an upload may hold: more of it than this many times its largest size is no file of events.
MOST_TIMES_LARGER = 16
MOST_LINES = 5_000_000
# Of one reporter at a time: uploads whose bytes are still needed, and how many times the largest they may be together.
MOST_OPEN = 5
OPEN_TIMES_LARGER = 4
TO_COMPLETE = timedelta(days=3)
RESULTS_KEPT = timedelta(days=30)


def largest_part_bytes() -> int:
    """As any body."""
    return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def largest_upload_bytes() -> int:
    return int(settings.UPLOAD_MB) * MIB


def most_open_bytes() -> int:
    return largest_upload_bytes() * OPEN_TIMES_LARGER


def most_text_bytes() -> int:
    return largest_upload_bytes() * MOST_TIMES_LARGER
