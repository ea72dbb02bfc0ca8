"""Keys in addresses: a number that no row can have, and what is no hash, is an address that is not there."""

from django.urls import register_converter
from django.urls.converters import IntConverter, StringConverter

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


class HashConverter(StringConverter):
    """SHA-256 in hexadecimal digits, in lower case."""

    regex = "[0-9a-f]{64}"


register_converter(KeyConverter, "key")
register_converter(HashConverter, "sha256")
