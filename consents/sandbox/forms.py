"""What comes in by the commands and calls of the sandbox, read."""

from datetime import timedelta

from django.utils.dateparse import parse_duration


def as_duration(text: str) -> timedelta:
    """Read a duration of ISO 8601 in days, hours, minutes and seconds: ``P14D``, ``PT90M``. Raises ValueError."""
    try:
        found = parse_duration(text) if text.startswith("P") else None
    except OverflowError as error:
        raise ValueError("is longer than any time that can be counted") from error
    if found is None:
        raise ValueError("must be a duration in the form of ISO 8601, such as P14D or PT1H30M")
    return found
