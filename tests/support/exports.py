"""The record taken home, as a person takes it and reads it."""

import csv
import io

from tests.support.content import ROOT
from tests.support.people import PASSWORD, client_of

SCHEMA = ROOT / "docs" / "examples" / "record.schema.json"


def confirmed(person):
    """The person's browser, just after the password was asked for once more."""
    client = client_of(person)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def take(client, format, path="/my/export/"):
    return client.post(path, {"format": format})


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def break_off(response) -> None:
    """Take the first block, as a person whose connection breaks then. What the answer holds open is closed."""
    next(iter(response.streaming_content))
    # Not the response's own close(): it ends the request, and with it the connection that the test still needs.
    for close in response._resource_closers:
        close()


def table(content: bytes) -> list[dict]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def by_id(rows) -> dict:
    return {row["id"]: row for row in rows}
