"""The ledger of disclosures: what was in fact provided. Append-only; docs/ledger.md says what a row guarantees."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from enum import IntFlag
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models.lookups import GreaterThan
from django.utils.translation import gettext_lazy as _

from disclosures.models.content.entries import DataItem, Scenario, Service
from disclosures.models.content.ground import Ground
from disclosures.models.content.recipients import Recipient
from disclosures.models.ledger.evidence import LONGEST_REFERENCE, CitedEvidence, EvidenceKind, evidence_of
from disclosures.models.receiving.reporters import Reporter
from privacycenter.models import AppendOnly, AppendOnlyQuerySet
from privacycenter.models.owner_keys import OwnerKey
from privacycenter.text.joining import in_one_line


def person_key(related_name: str) -> models.ForeignKey[Any, Any]:
    """Return the foreign key to the person who owns a row.

    It has no database constraint: see docs/decisions on keys of person-owned tables. What is fetched from a person by
    ``related_name`` are the rows of all their accounts.
    """
    return OwnerKey(
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
    RECIPIENT_ON_HOLD = 1024
    SERVICE_UNDECLARED = 2048
    ITEM_EXCLUDED = 4096
    NO_EVIDENCE = 8192
    ABROAD_NOT_INFORMED = 16384

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
    Flag.GROUND_DIFFERS: _("The ground reported differs from the one published for this situation."),
    Flag.ITEMS_UNDECLARED: _("It includes items that are not published for this situation."),
    Flag.RECIPIENT_UNDECLARED: _("We do not publish this recipient, or not for this situation."),
    Flag.SCENARIO_UNDECLARED: _("We do not publish this situation."),
    Flag.RETIRED: _("The recipient, the service, the situation or an item was no longer in use."),
    Flag.RECIPIENT_ON_HOLD: _("We publish that nothing is provided to this recipient at that time."),
    Flag.SERVICE_UNDECLARED: _("We publish that this service does not provide data in this situation."),
    Flag.ITEM_EXCLUDED: _("It includes items that, as we publish, this service does not provide in this situation."),
    Flag.NO_EVIDENCE: _("The service did not report the record that this ground needs."),
    Flag.ABROAD_NOT_INFORMED: _(
        "The service reported no text about this recipient and country that you had been shown."
    ),
}
# An approval was needed, and none covered all items.
UNAPPROVED = Flag.NO_DECISION | Flag.REFUSED | Flag.WITHDRAWN | Flag.EXPIRED | Flag.ITEMS_NOT_ALLOWED
# The disclosure differs from what the newest publication says.
DIFFERS = (
    Flag.GROUND_DIFFERS | Flag.ITEMS_UNDECLARED | Flag.RECIPIENT_UNDECLARED | Flag.SCENARIO_UNDECLARED | Flag.RETIRED
    | Flag.RECIPIENT_ON_HOLD | Flag.SERVICE_UNDECLARED | Flag.ITEM_EXCLUDED
)  # fmt: skip
# The report does not cite what its ground rests on. What happened may be right; the record cannot show it. So there is
# a line about it, no warning and no notice.
UNEVIDENCED = Flag.NO_EVIDENCE | Flag.ABROAD_NOT_INFORMED
WARNING = UNAPPROVED | DIFFERS


def is_warned() -> GreaterThan:
    """Return the condition for rows that are shown with a warning."""
    return GreaterThan(models.F("flags").bitand(int(WARNING)), 0)


def warning_of(flags: int) -> Flag:
    """Return those of a row's flags that are a warning."""
    return Flag(flags) & WARNING


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
        return in_one_line(str(item) for item in self.items.all())


class EventSource(AppendOnly):
    """One row is one ``source`` that reporters name in events, shared by all rows reported from it.

    The key is an integer: it is in every row of the ledger.
    """

    id = models.AutoField(primary_key=True)
    text = models.CharField(max_length=255, unique=True)

    class Meta:
        verbose_name = _("source of events")
        verbose_name_plural = _("sources of events")

    def __str__(self) -> str:
        return self.text


class DisclosureQuerySet(AppendOnlyQuerySet[Any]):
    def with_references(self) -> "DisclosureQuerySet":
        """Fetch everything that a page names in the same SQL statement."""
        return self.select_related("recipient__country", "service", "scenario", "reporter", "item_set")

    def with_codes(self) -> "DisclosureQuerySet":
        """Fetch the codes of everything that a list names, and nothing else of it, in the same SQL statement."""
        own = [field.name for field in self.model._meta.concrete_fields]
        codes = ("recipient__code", "service__code", "scenario__code", "item_set__codes")
        return self.select_related("recipient", "service", "scenario", "item_set").only(*own, *codes)

    def shown_to(self, person: Any) -> "DisclosureQuerySet":
        """Leave out what the law keeps from this person, whose disclosures these are."""
        from disclosures.models.ledger.withholding import (
            withheld_from,  # steps point to disclosures, not the other way round
        )

        return self.exclude(id__in=withheld_from(person))

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

    ``flags`` are judged once. ``publication`` is the number of the publication that they were judged by, 0 if there was
    none, None in rows of version 0.1. ``basis_id`` is the newest decision of the person about the same recipient,
    service and scenario that was known and made by ``occurred_at``; None if that is ``decision_id``, if there was none,
    or if no approval was needed.

    ``source`` is what the id was made from together with the reporter's code and ``event_id``; None in rows of version
    0.1.

    ``evidence_kind``, ``evidence_reference`` and ``shown_publication`` are what the report cites for its ground: see
    ``CitedEvidence``.
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
    publication = models.IntegerField(null=True, blank=True)
    basis_id = models.UUIDField(null=True, blank=True)
    evidence_kind = models.PositiveSmallIntegerField(choices=EvidenceKind.choices, null=True, blank=True)
    # None rather than empty: it costs nothing in a billion rows.
    evidence_reference = models.CharField(max_length=LONGEST_REFERENCE, null=True, blank=True)  # noqa: DJ001
    shown_publication = models.IntegerField(null=True, blank=True)
    source = reference(EventSource, null=True)

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosures")
        indexes = [models.Index(fields=["person", "-occurred_at"], name="disclosure_by_person_newest")]

    @property
    def evidence(self) -> CitedEvidence | None:
        """What the report cites for its ground. None if it cites nothing."""
        return evidence_of(self.evidence_kind, self.evidence_reference, self.shown_publication)

    @property
    def warnings(self) -> list[Flag]:
        return list(warning_of(self.flags))

    @property
    def unevidenced(self) -> list[Flag]:
        """What the report did not cite."""
        return list(Flag(self.flags) & UNEVIDENCED)

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
