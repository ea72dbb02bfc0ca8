"""What a recipient can sign about, and the statement that it signs. Pure but for the fetched rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from disclosures.models import Disclosure, Recipient
from privacycenter.log.countersigning import statement_text
from privacycenter.proof.sources import text_of


@dataclass(frozen=True)
class Matter:
    """One disclosure, or one case of a recall, of one person. ``id``: of the disclosure or of the case; ``recall``: of
    the recall, None for a disclosure; ``at``: when it happened, or was asked for; ``reference``: what the report cites,
    as the recipient knows it."""

    person: int
    id: UUID
    recipient: Recipient
    service: str
    items: Sequence[str]
    at: datetime
    reference: str = ""
    recall: UUID | None = None

    @property
    def about(self) -> str:
        return "recall" if self.recall else "disclosure"

    @property
    def ids(self) -> dict[str, UUID | None]:
        """The columns of a countersignature that name it."""
        if self.recall:
            return {"disclosure_id": None, "recall_id": self.recall, "case_id": self.id}
        return {"disclosure_id": self.id, "recall_id": None, "case_id": None}


def matter_of(disclosure: Disclosure) -> Matter:
    """No SQL for a disclosure that was fetched with its references."""
    evidence = disclosure.evidence
    return Matter(
        person=disclosure.person_id,
        id=disclosure.id,
        recipient=disclosure.recipient,
        service=disclosure.service.code,
        items=disclosure.item_set.codes,
        at=disclosure.occurred_at,
        reference=evidence.reference_for_person if evidence else "",
    )


def statement_about(matter: Matter, said: str, signed_at: str) -> str:
    """Return what a recipient signs to say this of the matter. ``signed_at``: RFC 3339."""
    return statement_text({
        "origin": settings.LOG_ORIGIN,
        "said": said,
        "about": matter.about,
        "id": str(matter.id),
        "recipient": matter.recipient.code,
        "service": matter.service,
        "items": list(matter.items),
        "reference": matter.reference,
        "at": text_of(matter.at),
        "signed_at": signed_at,
    })  # fmt: skip


def statement_now(matter: Matter, said: str, now: datetime) -> str:
    """Return the statement that is offered to be signed, with this time in whole seconds."""
    return statement_about(matter, said, now.replace(microsecond=0).isoformat().replace("+00:00", "Z"))
