"""Pydantic's errors as refusals that name the field."""

from collections.abc import Mapping
from typing import Any

from privacycenter.errors import InvalidValue

# Pydantic puts this before the message of a validator of ours.
OURS = "Value error, "


def invalid_value(error: Mapping[str, Any], location: tuple[str | int, ...]) -> InvalidValue:
    """Return the refusal for one of ``ValidationError.errors()``. ``location``: its place as services see the body."""
    return InvalidValue(error["msg"].removeprefix(OURS), field_of(location))


def field_of(location: tuple[str | int, ...]) -> str:
    """Return a path such as ``data.items[2]``."""
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    return path
