"""What pydantic found wrong with what a service sent, as a refusal that names its field."""

from collections.abc import Mapping
from typing import Any

from privacycenter.errors import InvalidValue

# Pydantic puts this before what a check of ours says.
OURS = "Value error, "


def invalid_value(error: Mapping[str, Any], location: tuple[str | int, ...]) -> InvalidValue:
    """``error``: one of ``ValidationError.errors()``; ``location``: its place, as the service sees the body."""
    return InvalidValue(error["msg"].removeprefix(OURS), field_of(location))


def field_of(location: tuple[str | int, ...]) -> str:
    """``data.items[2]``"""
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    return path
