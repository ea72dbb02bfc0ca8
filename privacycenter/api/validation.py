"""Pydantic's errors as refusals that name the field."""

import re
from collections.abc import Mapping
from typing import Any

from privacycenter.errors import InvalidValue

# Pydantic puts this before the message of a validator of ours.
OURS = "Value error, "
# How a member may be named to be named in an answer, and in what is kept of it. A name of the sender's own may be
# anything: a mail address, or somebody's name.
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,39}")
UNNAMED = "…"


def invalid_value(error: Mapping[str, Any], location: tuple[str | int, ...]) -> InvalidValue:
    """Return the refusal for one of ``ValidationError.errors()``. ``location``: its place as services see the body."""
    return InvalidValue(error["msg"].removeprefix(OURS), field_of(location))


def field_of(location: tuple[str | int, ...]) -> str:
    """Return a path such as ``data.items[2]``; ``data.…`` for a member with a name that is none of ours."""
    path = ""
    for part in location:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            name = part if NAME.fullmatch(part) else UNNAMED
            path += f".{name}" if path else name
    return path
