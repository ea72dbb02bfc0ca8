"""Interface to what recipients were asked because of a request, implemented by ``settings.INQUIRY_RECALLS``.

``consents`` imports ``disclosures`` and not the reverse, so this module only defines the answer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from disclosures.models import InquiryKind
from privacycenter.models import User

# What asks for something that recipients have to do, too (GDPR art. 19).
REACHES_RECIPIENTS = (InquiryKind.CORRECTION, InquiryKind.STOP)


@dataclass(frozen=True)
class FiledRecall:
    """One recall that was filed because of a request. ``cases``: the keys of its cases, for the desk."""

    id: UUID
    filed_at: datetime
    cases: tuple[int, ...]


RecallSource = Callable[[User, str], list[FiledRecall]]


@cache
def recall_source() -> RecallSource:
    source: RecallSource = import_string(settings.INQUIRY_RECALLS)
    return source


def recalls_because_of(reference: str, person: User | None) -> list[FiledRecall]:
    """Return the recalls that were filed for this person because of this request, the oldest first. At most two SQL
    statements; none without a person."""
    return recall_source()(person, reference) if person else []
