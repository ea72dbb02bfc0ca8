"""Corrections: what a reporter says later about a disclosure that it reported wrongly. Both are kept and shown."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from disclosures.models.content.entries import Scenario, Service
from disclosures.models.content.ground import Ground
from disclosures.models.content.recipients import Recipient
from disclosures.models.ledger.events import EventSource, ItemSet, person_key, reference
from disclosures.models.ledger.evidence import LONGEST_REFERENCE, CitedEvidence, EvidenceKind, evidence_of
from disclosures.models.ledger.withholding import withheld_from
from disclosures.models.receiving.reporters import Reporter
from privacycenter.models import AppendOnlyQuerySet, Sealed
from privacycenter.models.owner_keys import of_same_person
from privacycenter.text.words import Words, words_in


class CorrectionQuerySet(AppendOnlyQuerySet["Correction"]):
    def with_references(self) -> "CorrectionQuerySet":
        """Fetch everything that a page names in the same SQL statement."""
        return self.select_related("recipient__country", "service", "scenario", "item_set", "reporter")

    def shown_to(self, person: Any) -> "CorrectionQuerySet":
        """Leave out those of disclosures that the law keeps from this person."""
        return self.exclude(disclosure_id__in=withheld_from(person))

    def oldest_first(self) -> "CorrectionQuerySet":
        """Order by when the service found the error, so that a delayed report does not override a newer one."""
        return self.order_by("corrected_at", "recorded_at", "id")

    def latest_of_each(self, *, known_at: datetime | None = None, person: Any = None) -> "CorrectionQuerySet":
        """Keep only the last correction of each disclosure, in the order of ``oldest_first``.

        With ``known_at``, only corrections recorded by then can replace an earlier one. ``person``: whose rows these
        are, if they are one person's.
        """
        same = Correction.objects.filter(**of_same_person(person), disclosure_id=OuterRef("disclosure_id"))
        if known_at:
            same = same.filter(recorded_at__lte=known_at)
        at, recorded = Q(corrected_at=OuterRef("corrected_at")), Q(recorded_at=OuterRef("recorded_at"))
        is_later = (
            Q(corrected_at__gt=OuterRef("corrected_at"))
            | at & Q(recorded_at__gt=OuterRef("recorded_at"))
            | at & recorded & Q(id__gt=OuterRef("id"))
        )
        return self.filter(~Exists(same.filter(is_later)))

    def with_facts(self) -> "CorrectionQuerySet":
        """Leave out retractions: corrections saying that there was no such disclosure."""
        return self.filter(recipient__isnull=False)


class Correction(Sealed):
    """One row is one correction of one disclosure: why the report was wrong, and what is right.

    A row has all of the correct facts (``recipient`` to ``occurred_at``) or none. None means that there was no such
    disclosure: it was reported by mistake. ``flags`` and ``decision_id`` judge the correct facts as a disclosure's are
    judged, by ``publication`` and ``basis_id``. ``id`` is the UUIDv8 of (reporter, source, event id, "correction");
    ``fingerprint`` is SHA-256 over the canonical event without its time, so repeating is harmless. ``reason`` maps
    language → text and comes from the reporter.
    """

    SEALED = {1: (
        "person", "id", "disclosure_id", "reporter", "reason", "recipient", "service", "scenario", "item_set",
        "ground", "occurred_at", "flags", "decision_id", "corrected_at", "recorded_at", "event_id", "fingerprint",
        "publication", "basis_id", "evidence_kind", "evidence_reference", "shown_publication", "source",
    )}  # fmt: skip

    pk = models.CompositePrimaryKey("person_id", "id")
    person = person_key("corrections")
    id = models.UUIDField(editable=False)
    disclosure_id = models.UUIDField()
    reporter = reference(Reporter)
    reason = models.JSONField()
    recipient = reference(Recipient, null=True)
    service = reference(Service, null=True)
    scenario = reference(Scenario, null=True)
    item_set = reference(ItemSet, null=True)
    ground = models.PositiveSmallIntegerField(choices=Ground.choices, null=True)
    occurred_at = models.DateTimeField(null=True)
    flags = models.PositiveSmallIntegerField(default=0)
    decision_id = models.UUIDField(null=True, blank=True)
    corrected_at = models.DateTimeField()
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

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        indexes = [models.Index(fields=["person", "disclosure_id"], name="correction_by_disclosure")]

    @property
    def evidence(self) -> CitedEvidence | None:
        """What the report cites for its ground. None if it cites nothing."""
        return evidence_of(self.evidence_kind, self.evidence_reference, self.shown_publication)

    @property
    def is_retraction(self) -> bool:
        """Whether this correction says that there was no such disclosure."""
        return self.recipient_id is None

    @property
    def reason_words(self) -> Words:
        return words_in(self.reason)
