"""Names in one line."""

from collections.abc import Iterable

from django.utils.translation import pgettext


def in_one_line(names: Iterable[str]) -> str:
    """Return the names in one line. What stands between them occurs in no title: a title may hold commas of its own."""
    return separator().join(names)


def separator() -> str:
    return pgettext("between the words of a list", " / ")
