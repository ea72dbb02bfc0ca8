"""JSON that says one thing to everybody who reads it: UTF-8 without a mark, and no member twice (RFC 8259)."""

import json
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest

from privacycenter.errors import NotJson
from privacycenter.http.requests import refuse_unknown_length


def read_body(request: HttpRequest) -> Any:
    """Return the parsed body. Raises LengthRequired, NotJson, and Django's RequestDataTooBig."""
    refuse_unknown_length(request)
    try:
        return strict_json(request.body)
    except (ValueError, RecursionError) as error:
        raise NotJson(f"Not readable as JSON: {error}") from error


def strict_json(content: bytes | str) -> Any:
    """Return what it says. Raises ValueError if it is anything else, RecursionError if it is nested too deeply.

    Of two members of one name others may take the first and we the last: then a report would be about somebody else.
    """
    text = content.decode() if isinstance(content, bytes) else content
    return json.loads(text, object_pairs_hook=each_once)


def each_once(members: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(members)
    if len(found) != len(members):
        raise ValueError("an object has two members of one name")
    return found
