"""Keys of rows in addresses: a number that no row can have is an address that is not there."""

from django.urls import register_converter
from django.urls.converters import IntConverter

# Of a row, in either database.
LARGEST_KEY = 2**63 - 1


def key_in(text: str) -> int | None:
    """Return the key of a row that was sent as a text, None if that is none. Databases refuse larger numbers."""
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(LARGEST_KEY))):
        return None
    return key if (key := int(text)) <= LARGEST_KEY else None


class KeyConverter(IntConverter):
    def to_python(self, value: str) -> int:
        key = key_in(value)
        if key is None:
            raise ValueError(value)
        return key


register_converter(KeyConverter, "key")
