"""Interface to what a person allows now, implemented by ``settings.APPROVAL_SOURCE``.

``consents`` imports ``disclosures`` and not the reverse, so this module only defines the answer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from disclosures.content.publications import Document
from privacycenter.models import User


@dataclass(frozen=True)
class StandingApproval:
    """What a person allows one recipient, in one service and scenario. All three are codes.

    ``until``: when the first of its items is no longer allowed, if nothing changes before.
    """

    recipient: str
    service: str
    scenario: str
    item_count: int
    until: datetime


ApprovalSource = Callable[[User, Document | None], list[StandingApproval]]


@cache
def approval_source() -> ApprovalSource:
    source: ApprovalSource = import_string(settings.APPROVAL_SOURCE)
    return source


def standing_approvals(person: User, document: Document | None) -> list[StandingApproval]:
    """Return what the person allows now, as a permission check answers. At most three SQL statements."""
    return approval_source()(person, document)
