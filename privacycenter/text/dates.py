"""Days in words. A list names many, mostly the same, and writing one out takes longer than looking it up."""

from datetime import date
from functools import lru_cache

from django.utils.formats import date_format

from privacycenter.text.languages import interface_language


def day_in_words(day: date) -> str:
    """Return a day as the interface writes it."""
    return written_out(day, interface_language())


@lru_cache(maxsize=4096)
def written_out(day: date, _language: str) -> str:
    """Return a day in the language of the interface, which is named so that each has its own."""
    return date_format(day, "DATE_FORMAT")
