"""About which cases a person can be told: those about one disclosure that they see."""

from disclosures.models import CaseKind

TOLD_KINDS = (CaseKind.FLAGGED, CaseKind.CORRECTION)
