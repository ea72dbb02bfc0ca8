"""Topics: what an action can leave for followers, and what it says of it.

Each is declared once, in a module named ``topics`` of the subject that leaves it, as a constant:
``DISCLOSURES_RECORDED = Topic("disclosures.recorded", DisclosuresRecorded)``.
"""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict


class Payload(BaseModel):
    """What one piece of work is about: ids, and what the database will not tell later.

    It survives a round trip through JSON, so its fields are numbers, strings, UUIDs, dates, aware datetimes,
    enumerations, and tuples of them. Raises pydantic's ValidationError if a field is missing, of another type or
    unknown, so a row of another version is never half understood.
    """

    # Errors go to the log, which names no person.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


P = TypeVar("P", bound=Payload)


# Compared by identity: two of one name are two, which the checks refuse.
@dataclass(frozen=True, eq=False)
class Topic(Generic[P]):
    """``name``: as in its rows, ``<thing>.<what happened or is due>``; at most 60 characters."""

    name: str
    payload: type[P]

    def __str__(self) -> str:
        return self.name

    def as_json(self, payload: P) -> dict[str, Any]:
        return payload.model_dump(mode="json")

    def from_json(self, stored: dict[str, Any]) -> P:
        """Return the payload that ``as_json`` was given. Raises ValidationError."""
        return self.payload.model_validate(stored)
