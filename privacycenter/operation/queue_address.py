"""CONSUME_URL, read and checked: which queue ``manage.py consume`` reads. Pure; no client of a queue is loaded here."""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

KINDS: dict[str, Literal["nats", "kafka"]] = {
    "nats": "nats", "nats+tls": "nats", "kafka": "kafka", "kafka+ssl": "kafka",
}  # fmt: skip
OPTIONS = {"nats": {"durable", "subject", "credentials"}, "kafka": {"group", "config"}}
OURS = "privacycenter"
SHAPES = (
    "nats://HOST:4222/STREAM?durable=NAME&subject=SUBJECT&credentials=FILE or kafka://HOST:9092/TOPIC?group=NAME"
    "&config=FILE"
)


@dataclass(frozen=True)
class QueueAddress:
    """Where the messages are. ``place``: the stream or the topic. ``reader``: the durable consumer or the group.

    ``servers``: as the client takes them, with a password if there is one. ``subject``: of the stream, all of it if
    empty. ``file``: credentials of NATS, or further settings of Kafka's client; empty for none.
    """

    kind: Literal["nats", "kafka"]
    servers: tuple[str, ...]
    is_encrypted: bool
    place: str
    reader: str
    subject: str = ""
    file: str = ""

    @property
    def name(self) -> str:
        """What the queue is called where people and machines read it. It has no secret."""
        return f"{self.kind} {self.place}/{self.reader}"


def queue_address(url: str) -> QueueAddress:
    """Raises ValueError, in words that repeat nothing of the address: it may hold a password."""
    try:
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
    except ValueError as error:
        raise ValueError(f"it is no address; it must be {SHAPES}") from error
    kind = KINDS.get(parts.scheme)
    place = unquote(parts.path).strip("/")
    if kind is None or not parts.netloc.rpartition("@")[2] or not place or "/" in place:
        raise ValueError(f"it must be {SHAPES}")
    if unknown := options.keys() - OPTIONS[kind]:
        raise ValueError(f"it has an option that is not known: {min(unknown)}")
    if kind == "nats":
        return nats_address(parts, place, options)
    if "@" in parts.netloc:
        raise ValueError("it must have no password: the file of ?config= has it (sasl.username, sasl.password)")
    return QueueAddress(
        kind, (parts.netloc,), parts.scheme == "kafka+ssl", place, options.get("group", OURS),
        file=options.get("config", ""),
    )  # fmt: skip


def nats_address(parts: SplitResult, place: str, options: dict[str, str]) -> QueueAddress:
    is_encrypted = parts.scheme == "nats+tls"
    user, at, hosts = parts.netloc.rpartition("@")
    scheme = "tls" if is_encrypted else "nats"
    return QueueAddress(
        "nats", tuple(f"{scheme}://{user}{at}{host}" for host in hosts.split(",")), is_encrypted, place,
        options.get("durable", OURS), options.get("subject", ""), options.get("credentials", ""),
    )  # fmt: skip
