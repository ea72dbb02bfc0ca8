"""What a report cites for its ground: a reference into the reporter's own books, never a value of personal data."""

from typing import NamedTuple, TypedDict

from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST_REFERENCE = 64


class EvidenceKind(models.IntegerChoices):
    """What the reference is a reference to. Stored as a small integer; events and content packs use ``code``."""

    ACT = 1, _("Your own act in the service")
    POLICY = 2, _("A version of the privacy policy")
    CONTRACT = 3, _("A contract")
    ORDER = 4, _("An order or a demand under the law")

    @property
    def code(self) -> str:
        return self.name.lower()

    @classmethod
    def from_code(cls, code: str) -> "EvidenceKind":
        """Return the kind with this code. Raise KeyError if the code is unknown."""
        return cls[code.upper()]

    def label_for(self, *, officers: bool) -> str:
        """Return the kind in words. To an officer, “you” would be the wrong one."""
        return str(_("The person’s own act in the service") if officers and self is EvidenceKind.ACT else self.label)


class CitedEvidence(NamedTuple):
    """What one report cites.

    ``shown_publication`` is the number of the publication whose text about the country and the recipient the person was
    shown, for a recipient abroad.
    """

    kind: EvidenceKind
    reference: str
    shown_publication: int | None = None

    @property
    def content(self) -> dict[str, str]:
        """The evidence as part of an event that is hashed: texts alone."""
        shown = {"shown_publication": str(self.shown_publication)} if self.shown_publication else {}
        return {"kind": self.kind.code, "reference": self.reference, **shown}

    @property
    def reference_for_person(self) -> str:
        """The reference as the person may read it. That of an order is kept from everybody but the officers."""
        return "" if self.kind is EvidenceKind.ORDER else self.reference


class EvidenceColumns(TypedDict):
    """The columns of a row that cites evidence. All are None where it cites none."""

    evidence_kind: int | None
    evidence_reference: str | None
    shown_publication: int | None


def columns_of(evidence: CitedEvidence | None) -> EvidenceColumns:
    """Return the columns that hold the evidence."""
    kind, reference, shown = evidence or (None, None, None)
    return {
        "evidence_kind": kind.value if kind else None,
        "evidence_reference": reference,
        "shown_publication": shown,
    }


def evidence_of(kind: int | None, reference: str | None, shown_publication: int | None) -> CitedEvidence | None:
    """Return the evidence that the three columns hold. None if there is none."""
    return CitedEvidence(EvidenceKind(kind), reference or "", shown_publication) if kind else None
