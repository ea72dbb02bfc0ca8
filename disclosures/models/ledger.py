"""The ledger of disclosures: what was in fact provided. Append-only; docs/ledger.md says what a row guarantees."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from enum import IntFlag
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from disclosures.models.content import DataItem, Scenario, Service
from disclosures.models.ground import Ground
from disclosures.models.recipients import Recipient
from disclosures.models.reporters import Reporter
from privacycenter.models import AppendOnly, AppendOnlyQuerySet


def person_key(related_name: str) -> models.ForeignKey[Any, Any]:
    """Return the foreign key to the person who owns a row.

    It has no database constraint: see docs/decisions on keys of person-owned tables.
    """
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, related_name=related_name, db_constraint=False, db_index=False
    )


def reference(to: type[models.Model], *, null: bool = False) -> models.ForeignKey[Any, Any]:
    """Return a foreign key to a row that is never deleted.

    It has neither constraint nor index, to keep the ledger small; the action checks that the row exists.
    """
    return models.ForeignKey(to, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False, null=null)


class Flag(IntFlag):
    """Why a disclosure is shown with a warning. Several can apply; their sum is stored."""

    NO_DECISION = 1
    REFUSED = 2
    WITHDRAWN = 4
    EXPIRED = 8
    ITEMS_NOT_ALLOWED = 16
    GROUND_DIFFERS = 32
    ITEMS_UNDECLARED = 64
    RECIPIENT_UNDECLARED = 128
    SCENARIO_UNDECLARED = 256
    RETIRED = 512

    @property
    def code(self) -> str:
        return str(self.name).lower()

    @property
    def label(self) -> str:
        return str(FLAG_LABELS[self])


FLAG_LABELS = {
    Flag.NO_DECISION: _("You had not been asked, or had not answered."),
    Flag.REFUSED: _("You had refused."),
    Flag.WITHDRAWN: _("You had withdrawn your approval."),
    Flag.EXPIRED: _("Your approval had ended."),
    Flag.ITEMS_NOT_ALLOWED: _("It includes items that you did not allow."),
    Flag.GROUND_DIFFERS: _("The ground reported differs from the one published for this scene."),
    Flag.ITEMS_UNDECLARED: _("It includes items that are not published for this scene."),
    Flag.RECIPIENT_UNDECLARED: _("We do not publish this recipient, or not for this scene."),
    Flag.SCENARIO_UNDECLARED: _("We do not publish this scene."),
    Flag.RETIRED: _("The recipient, the service, the scene or an item was no longer in use."),
}
# An approval was needed, and none covered all items.
UNAPPROVED = Flag.NO_DECISION | Flag.REFUSED | Flag.WITHDRAWN | Flag.EXPIRED | Flag.ITEMS_NOT_ALLOWED
# The disclosure differs from what the newest publication says.
DIFFERS = (
    Flag.GROUND_DIFFERS | Flag.ITEMS_UNDECLARED | Flag.RECIPIENT_UNDECLARED | Flag.SCENARIO_UNDECLARED | Flag.RETIRED
)


def digest_of(codes: Iterable[str]) -> str:
    """Return the SHA-256 digest, in hexadecimal, of a combination of item codes in any order."""
    return hashlib.sha256("\n".join(sorted(set(codes))).encode()).hexdigest()


class ItemSet(AppendOnly):
    """One row is one combination of data items, shared by all disclosures that carried exactly these.

    ``digest`` is SHA-256 over the sorted item codes, as 64 hexadecimal digits, so each combination is stored once.
    ``codes`` repeats the items' permanent codes, sorted, so that a permission check needs no further table.
    """

    digest = models.CharField(max_length=64, unique=True)
    codes = models.JSONField()
    items = models.ManyToManyField(DataItem, related_name="item_sets")

    class Meta:
        verbose_name = _("item set")
        verbose_name_plural = _("item sets")

    def __str__(self) -> str:
        return "、".join(str(item) for item in self.items.all())


class DisclosureQuerySet(AppendOnlyQuerySet[Any]):
    def with_references(self) -> "DisclosureQuerySet":
        """Fetch everything that a page names in the same SQL statement."""
        return self.select_related("recipient__country", "service", "scenario", "reporter", "item_set")

    def newest_first(self) -> "DisclosureQuerySet":
        return self.order_by("-occurred_at", "-id")

    def oldest_first(self) -> "DisclosureQuerySet":
        return self.order_by("occurred_at", "id")

    def older_than(self, occurred_at: datetime, id: UUID) -> "DisclosureQuerySet":
        """Keep what follows this disclosure in newest-first order.

        The ``__lte`` condition lets the database seek in the index; the exclusion alone would not.
        """
        return self.filter(occurred_at__lte=occurred_at).exclude(occurred_at=occurred_at, id__gte=id)

    def newer_than(self, occurred_at: datetime, id: UUID) -> "DisclosureQuerySet":
        """Keep what precedes this disclosure in newest-first order."""
        return self.filter(occurred_at__gte=occurred_at).exclude(occurred_at=occurred_at, id__lte=id)


class Disclosure(AppendOnly):
    """One row is one time that one person's data went to one recipient.

    ``id`` is the UUIDv8 of (reporter, source, event id): the same event reported again is the same row, whatever the
    ``time`` of the retry. ``fingerprint`` is SHA-256 over the canonical event without its time (32 bytes).
    ``decision_id`` is the decision in force at ``occurred_at`` that allowed all items, if one was needed;
    ``named_decision_id`` is the one that the reporter named, kept because it is part of the fingerprint. A row holds no
    values of personal data and no free text.
    """

    pk = models.CompositePrimaryKey("person_id", "id")
    person = person_key("disclosures")
    id = models.UUIDField(editable=False)
    recipient = reference(Recipient)
    service = reference(Service)
    scenario = reference(Scenario)
    item_set = reference(ItemSet)
    reporter = reference(Reporter)
    ground = models.PositiveSmallIntegerField(choices=Ground.choices)
    flags = models.PositiveSmallIntegerField(default=0)
    decision_id = models.UUIDField(null=True, blank=True)
    named_decision_id = models.UUIDField(null=True, blank=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    event_id = models.CharField(max_length=255)
    fingerprint = models.BinaryField(max_length=32)

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosures")
        indexes = [models.Index(fields=["person", "-occurred_at"], name="disclosure_by_person_newest")]

    @property
    def flag_reasons(self) -> list[Flag]:
        return list(Flag(self.flags))

    @property
    def is_unapproved(self) -> bool:
        """Whether an approval was needed and none covered all items."""
        return bool(Flag(self.flags) & UNAPPROVED)


class Conflict(AppendOnly):
    """One row is an event that arrived under the id of a recorded disclosure with different content.

    It is kept apart for the privacy officer; the recorded disclosure is unchanged. ``id`` is the UUIDv8 of (disclosure,
    fingerprint), so the same conflicting event is kept once. ``event`` holds codes only, no personal values.
    """

    pk = models.CompositePrimaryKey("person_id", "id")
    person = person_key("conflicts")
    id = models.UUIDField(editable=False)
    disclosure_id = models.UUIDField()
    reporter = reference(Reporter)
    event = models.JSONField()
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("conflict")
        verbose_name_plural = _("conflicts")


class ReportCount(models.Model):
    """One row is how many disclosures one reporter has reported for one service, with the first and last time.

    A follower updates it, so that no page has to scan the ledger. Times are of recording, not of occurrence.
    ``removed_count`` says how many of the disclosures were since removed at the end of their retention.
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="report_counts")
    reporter = models.ForeignKey(Reporter, models.PROTECT, related_name="report_counts")
    disclosure_count = models.PositiveBigIntegerField(default=0)
    removed_count = models.PositiveBigIntegerField(default=0)
    first_reported_at = models.DateTimeField()
    last_reported_at = models.DateTimeField()

    class Meta:
        verbose_name = _("report count")
        verbose_name_plural = _("report counts")
        constraints = [
            models.UniqueConstraint(fields=["service", "reporter"], name="one_count_per_service_and_reporter")
        ]

    def __str__(self) -> str:
        return f"{self.service_id}: {self.disclosure_count}"
