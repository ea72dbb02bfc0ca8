"""Addresses of many entries of one kind. Making one from its pattern takes longer than the line of a list around it."""

from functools import lru_cache
from uuid import UUID

from django.urls import reverse

from privacycenter.text.languages import path_prefix

# Stands in an address for the id that it is made for. No row has it.
ANY_ID = UUID(int=(1 << 128) - 1)


def url_of(name: str, key: UUID | str) -> str:
    """Return the address, in the page's language, of the route of this name, whose only argument is an id or a code.

    Raises NoReverseMatch as ``reverse`` does.
    """
    if isinstance(key, UUID):
        return url_of_any(name, path_prefix()).replace(str(ANY_ID), str(key))
    return url_of_code(name, key, path_prefix())


@lru_cache(maxsize=256)
def url_of_any(name: str, _prefix: str) -> str:
    return reverse(name, args=[ANY_ID])


@lru_cache(maxsize=4096)
def url_of_code(name: str, code: str, _prefix: str) -> str:
    return reverse(name, args=[code])
