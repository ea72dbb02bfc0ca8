"""What a person allows now: the answer to ``disclosures.record.approvals``. Never writes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from consents.checking.effective_permissions import (
    Effect,
    EffectivePermission,
    EffectivePermissions,
    permissions_among,
)
from consents.models import Decision
from consents.models.decisions import DecisionQuerySet
from disclosures.content.publications import Document
from disclosures.ledger.permissions import ItemState
from disclosures.record.approvals import StandingApproval
from privacycenter.database.person_queries import PersonQuery
from privacycenter.models import User


@dataclass(frozen=True)
class Approval:
    """What a person allows one recipient in one service and scenario, all three of them codes.

    ``items``: the items allowed by answers that have not ended, at least one; of these a check says no to the
    ``SUSPENDED`` ones, and yes to the ``NOT_NEEDED`` ones whatever was answered.
    """

    recipient: str
    service: str
    scenario: str
    items: list[EffectivePermission]

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(item.code for item in self.items)

    @property
    def in_force(self) -> list[EffectivePermission]:
        """The items that may be provided now because of it."""
        return [item for item in self.items if item.effect is Effect.ALLOWED]

    @property
    def decisions(self) -> list[UUID]:
        """The answers by which it stands, newest first: ids are in the order of time."""
        return sorted({item.decision for item in self.items if item.decision}, reverse=True)

    @property
    def until(self) -> datetime:
        """When the first of its items is no longer allowed, if nothing changes before."""
        return min(item.until for item in self.in_force or self.items if item.until)


def approvals(person: User, document: Document | None, *, recipients: Collection[str] | None = None) -> list[Approval]:
    """Return one approval for each recipient, service and scenario of which something stands, newest first.

    ``recipients``: codes to look at; None is all. At most two SQL statements.
    """
    return approvals_among(decisions_of(person, recipients), document)


def decisions_of(person: User, recipients: Collection[str] | None = None) -> list[Decision]:
    """Return all decisions of a person, or all about these recipients, newest first. One SQL statement."""
    if recipients is None:
        return DECISIONS.rows(person)
    return list(all_decisions(person).filter(recipient__code__in=recipients))


def all_decisions(person: User) -> DecisionQuerySet:
    found: DecisionQuerySet = person.decisions.with_references().defer("text").newest_first()
    return found


DECISIONS = PersonQuery(all_decisions)


def approvals_among(decisions: Iterable[Decision], document: Document | None) -> list[Approval]:
    """Return the approvals that stand by what ``decisions_of`` returned. At most one SQL statement."""
    found = (approval_of(row, now) for row, now in permissions_among(decisions, document))
    return [approval for approval in found if approval]


def approval_of(row: Decision, now: EffectivePermissions) -> Approval | None:
    items = [item for item in now.items if item.decided is ItemState.ALLOWED]
    return Approval(row.recipient.code, row.service.code, row.scenario.code, items) if items else None


def standing_approvals(person: User, document: Document | None) -> list[StandingApproval]:
    """Return what a check says yes to because of an approval, newest first. At most two SQL statements."""
    return [
        StandingApproval(one.recipient, one.service, one.scenario, len(one.in_force), one.until)
        for one in approvals(person, document)
        if one.in_force
    ]
