"""What a service says of a recipient, as actions take it."""

from collections.abc import Mapping
from dataclasses import dataclass

LARGEST_BATCH = 1_000


@dataclass(frozen=True)
class NamedRecipient:
    """What a service says of a recipient. Texts: language → text. None: it stays as it is; empty: nothing is known."""

    code: str
    name: Mapping[str, str]
    country: str
    address: Mapping[str, str] | None = None
    representative: Mapping[str, str] | None = None
    contact: str | None = None
    url: str | None = None
