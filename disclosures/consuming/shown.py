"""A refused message as staff read it: as text, with what cannot be seen made visible, and whom it names."""

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from disclosures.consuming.messages import KAFKA_PREFIX, NATS_PREFIX, Message
from disclosures.models import RefusedMessage
from disclosures.receiving.binary_mode import text_of
from privacycenter.errors import InvalidValue
from privacycenter.models import User
from privacycenter.text.legible import BLANK

# Characters of a message that a page shows; the command shows all of it.
LONGEST_SHOWN = 20_000
# People of one message whose looks are written. An event is about one; what cannot be read may name any number.
MOST_PEOPLE = 100
LAYOUT = "\n\t \u3000"
# How a member is named in what cannot be read as JSON.
SUBJECT = re.compile(r'"subject"\s*:\s*("(?:[^"\\]|\\.)*")')


@dataclass(frozen=True)
class ShownMessage:
    """``headers``: (name, value). ``body``: its beginning, if ``is_cut``; None if it cannot be opened. ``size``: bytes
    of all of it. ``people``: whom it names, of those who are known here."""

    row: RefusedMessage
    headers: list[tuple[str, str]]
    body: str | None
    size: int
    is_cut: bool
    people: list[User]


def shown_message(row: RefusedMessage, message: Message) -> ShownMessage:
    """Return a message with the people whom it names and who are known here. One SQL statement at most."""
    text = message.body.decode("utf-8", "replace")
    subjects = sorted({one for one in subjects_in(message, text) if may_be_somebody(one)})[:MOST_PEOPLE]
    return ShownMessage(
        row=row,
        headers=[(visible(name), visible(value)) for name, value in sorted(message.headers.items())],
        body=visible(laid_out(text)[:LONGEST_SHOWN]),
        size=len(message.body),
        is_cut=len(laid_out(text)) > LONGEST_SHOWN,
        people=list(User.objects.filter(subject__in=subjects).order_by("pk")) if subjects else [],
    )


def laid_out(text: str) -> str:
    """Return JSON with a line for each member, and any other text as it is."""
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return text


def visible(text: str) -> str:
    """Return a text in which nothing hides, and nothing changes the order: such characters as their numbers."""
    return "".join(letter if is_plain(letter) else f"⟨U+{ord(letter):04X}⟩" for letter in text)


def is_plain(letter: str) -> bool:
    return letter in LAYOUT or (letter not in BLANK and unicodedata.category(letter)[0] in "LMNPS")


def subjects_in(message: Message, text: str) -> Iterator[str]:
    """Yield whom the message names: in its headers, and wherever its JSON, or what was meant as such, has a subject."""
    for prefix in (NATS_PREFIX, KAFKA_PREFIX):
        if value := message.headers.get(f"{prefix}subject"):
            yield value
            try:
                yield text_of("subject", value)
            except InvalidValue:
                continue
    try:
        yield from named_in(json.loads(text))
    except (ValueError, RecursionError):
        yield from (found for quoted in SUBJECT.findall(text) if (found := unquoted(quoted)))


def may_be_somebody(subject: str) -> bool:
    """Return whether a database can be asked for it: no NUL, and nothing that UTF-8 cannot hold."""
    return "\0" not in subject and subject == subject.encode("utf-8", "replace").decode()


def named_in(value: Any) -> Iterator[str]:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if isinstance(value, dict) and isinstance(value.get("subject"), str):
        yield value["subject"]
    for one in inside:
        yield from named_in(one)


def unquoted(quoted: str) -> str:
    try:
        return str(json.loads(quoted))
    except ValueError:
        return ""
