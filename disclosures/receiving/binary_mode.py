"""CloudEvents in binary mode (HTTP protocol binding 1.0.2, section 3.1): the body is ``data``, headers are the rest."""

from typing import Any
from urllib.parse import unquote

from django.http import HttpRequest

from privacycenter.errors import InvalidValue

# The types of structured mode: one event, and several.
SINGLE = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
PREFIX = "ce-"
DATA_TYPE = "application/json"
# The attributes that are read. Extensions may come, as in the other modes, and are not kept.
ATTRIBUTES = ("specversion", "id", "source", "type", "time", "subject", "dataschema")


def is_binary(request: HttpRequest) -> bool:
    """Return whether this is an event in binary mode: JSON that a header calls a CloudEvent."""
    return (request.content_type or "").lower() == DATA_TYPE and f"{PREFIX}specversion" in request.headers


def binary_event(request: HttpRequest, data: Any) -> dict[str, Any]:
    """Return the event as it would stand in a JSON body. Raises InvalidValue for a header that is not percent-encoded
    UTF-8 (section 3.1.3.2)."""
    named = {name: request.headers.get(PREFIX + name) for name in ATTRIBUTES}
    return {**{name: text_of(name, value) for name, value in named.items() if value is not None}, "data": data}


def text_of(name: str, value: str) -> str:
    # Quotes around a value, and a backslash before a letter in them, are allowed to whoever sends.
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = value[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    try:
        return unquote(value.encode("latin-1").decode("ascii"), errors="strict")
    except UnicodeError as error:
        raise InvalidValue("Percent-encode what is not ASCII, as UTF-8.", PREFIX + name) from error
