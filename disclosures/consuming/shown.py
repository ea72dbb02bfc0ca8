"""A refused message as staff read it: as text, with what cannot be seen made visible, and whom it names."""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from disclosures.consuming.messages import Message
from disclosures.models import RefusedMessage
from disclosures.receiving.binary_mode import text_of
from privacycenter.errors import InvalidValue
from privacycenter.http.strict_json import strict_json
from privacycenter.models import User
from privacycenter.text.legible import BLANK

# Characters of a message that a page shows; the command shows all of it.
LONGEST_SHOWN = 20_000
LAYOUT = "\n\t \u3000"
# What can be somebody's ID in a text: a string of JSON, or what stands between marks.
STRING, WORD = re.compile(r'"(?:[^"\\]|\\.)*"'), re.compile(r"""[^\s"'<>,:;=\\\[\](){}]+""")
LONGEST_SUBJECT = 255


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
    """Return a message with the people whom the page of it names and who are known here. One SQL statement at most."""
    text = laid_out(text_of_body(message.body))
    shown = text[:LONGEST_SHOWN]
    subjects = {one for one in strings_in(message.headers, shown) if may_be_somebody(one)}
    return ShownMessage(
        row=row,
        headers=[(visible(name), visible(value)) for name, value in sorted(message.headers.items())],
        body=visible(shown),
        size=len(message.body),
        is_cut=len(text) > LONGEST_SHOWN,
        people=list(User.objects.filter(subject__in=subjects).order_by("pk")) if subjects else [],
    )


def text_of_body(body: bytes) -> str:
    """Return bytes as text. What is in UTF-16 or UTF-32 is refused, and yet is read by whoever looks at it."""
    return body.decode(json.detect_encoding(body), "replace")


def laid_out(text: str) -> str:
    """Return JSON with a line for each member, and any other text as it is: nothing of it may be left out."""
    try:
        return json.dumps(strict_json(text), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return text


def visible(text: str) -> str:
    """Return a text in which nothing hides, and nothing changes the order: such characters as their numbers."""
    return "".join(letter if is_plain(letter) else f"⟨U+{ord(letter):04X}⟩" for letter in text)


def is_plain(letter: str) -> bool:
    return letter in LAYOUT or (letter not in BLANK and unicodedata.category(letter)[0] in "LMNPS")


def strings_in(headers: Mapping[str, str], text: str) -> Iterator[str]:
    """Yield whatever could be somebody's ID: wherever it stands, and whatever it is called there, staff read it."""
    for name, value in headers.items():
        yield value
        with suppress(InvalidValue):
            yield text_of(name, value)
    for shown in (*headers, *headers.values(), text):
        yield from (found for quoted in STRING.findall(shown) if (found := unquoted(quoted)))
        yield from WORD.findall(shown)


def may_be_somebody(subject: str) -> bool:
    """Return whether a database can be asked for it: no NUL, and nothing that UTF-8 cannot hold."""
    is_storable = "\0" not in subject and subject == subject.encode("utf-8", "replace").decode()
    return is_storable and len(subject) <= LONGEST_SUBJECT


def unquoted(quoted: str) -> str:
    try:
        return str(json.loads(quoted))
    except ValueError:
        return ""
