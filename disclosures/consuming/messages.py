"""Messages of a queue, and the CloudEvents in them: structured, in batches, or binary (bindings for NATS and Kafka)."""

import json
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from disclosures.ledger.events import Report
from disclosures.receiving.binary_mode import ATTRIBUTES, BATCH, DATA_TYPE, SINGLE, text_of
from disclosures.receiving.schemas import read_event
from disclosures.reporters.bodies import first_error
from privacycenter.errors import InvalidValue, NotJson, Refusal, WrongContentType
from privacycenter.http.strict_json import strict_json

# Before the names of attributes: in NATS, whose values are percent-encoded as in HTTP, and in Kafka, whose are UTF-8.
NATS_PREFIX, KAFKA_PREFIX = "ce-", "ce_"
CONTENT_TYPE = "content-type"


@dataclass(frozen=True)
class Message:
    """One message. ``position``: where it stands in its queue, the same each time it is delivered.

    ``headers`` have names in lower case. ``native``: as the queue's client has it.
    """

    position: str
    headers: dict[str, str]
    body: bytes
    native: Any = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Read:
    """What one event of a message is: ``event``, or ``refusal`` if it cannot be read. ``kept``: a message of its own,
    which holds just this."""

    message: Message
    place: int
    kept: Message
    event: Report | None = None
    refusal: Refusal | None = None


def events_of(message: Message) -> list[Read]:
    """Return what is in a message: an entry for each event, one with a refusal if the message cannot be read at all."""
    try:
        bodies, is_whole = bodies_in(message)
    except Refusal as refusal:
        return [Read(message, 0, message, refusal=refusal)]
    return [read_one(message, place, body, is_whole) for place, body in enumerate(bodies)]


def read_one(message: Message, place: int, body: Any, is_whole: bool) -> Read:
    kept = message if is_whole else single(message.position, body)
    try:
        return Read(message, place, kept, event=read_event(body))
    except ValidationError as error:
        return Read(message, place, kept, refusal=first_error(error))
    except InvalidValue as refusal:
        return Read(message, place, kept, refusal=refusal)


def single(position: str, body: Any) -> Message:
    """Return an event of a batch as a message of its own."""
    return Message(position, {CONTENT_TYPE: SINGLE}, json.dumps(body).encode())


def bodies_in(message: Message) -> tuple[list[Any], bool]:
    """Return the events of a message, not validated yet, and whether the message is one event.

    Raises NotJson, WrongContentType, or InvalidValue. A message that says nothing of itself is taken for what it holds.
    """
    content_type = message.headers.get(CONTENT_TYPE, "").partition(";")[0].strip().lower()
    if content_type not in (SINGLE, BATCH):
        for prefix in (NATS_PREFIX, KAFKA_PREFIX):
            if f"{prefix}specversion" in message.headers:
                return [binary(message, prefix)], True
        if content_type not in ("", DATA_TYPE):
            raise WrongContentType(f"Send {SINGLE} or {BATCH}, or JSON with the attributes as headers.")
    body = parsed(message.body)
    is_batch = content_type == BATCH or (content_type != SINGLE and isinstance(body, list))
    if is_batch and not isinstance(body, list):
        raise InvalidValue(f"A body of {BATCH} is an array of events.")
    return (body, False) if is_batch else ([body], True)


def binary(message: Message, prefix: str) -> dict[str, Any]:
    """Return the event as it would stand in a JSON body."""
    named = {name: message.headers[prefix + name] for name in ATTRIBUTES if prefix + name in message.headers}
    if prefix == NATS_PREFIX:
        named = {name: text_of(name, value) for name, value in named.items()}
    return {**named, "data": parsed(message.body)}


def parsed(body: bytes) -> Any:
    try:
        return strict_json(body)
    except (ValueError, RecursionError) as error:
        raise NotJson("Not readable as JSON in UTF-8.") from error
