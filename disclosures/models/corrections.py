"""What a reporter says later about a disclosure that it reported wrongly. Both stay, and both are shown."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from disclosures.models.content import Scenario, Service
from disclosures.models.ground import Ground
from disclosures.models.ledger import ItemSet, person_key, reference
from disclosures.models.recipients import Recipient
from disclosures.models.reporters import Reporter
from privacycenter.models import AppendOnly, AppendOnlyQuerySet
from privacycenter.words import Words, words_in


class CorrectionQuerySet(AppendOnlyQuerySet["Correction"]):
    def with_references(self) -> "CorrectionQuerySet":
        """Everything a page names, in the same SQL statement."""
        return self.select_related("recipient__country", "service", "scenario", "item_set", "reporter")

    def oldest_first(self) -> "CorrectionQuerySet":
        return self.order_by("recorded_at", "id")


class Correction(AppendOnly):
    """One row is one correction of one disclosure: why it was wrong, and what is right.

    Of the right facts (``recipient`` to ``occurred_at``) a row has all or none. None: there was no such disclosure; it
    was reported by mistake. ``flags`` and ``decision_id`` judge the right facts as those of a disclosure are judged.
    ``id`` is the UUIDv8 of (reporter, source, event id, "correction"), ``fingerprint`` SHA-256 over the canonical event
    without its time, so repeating is harmless. ``reason``: language → text, from the reporter.
    """

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

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        indexes = [models.Index(fields=["person", "disclosure_id"], name="correction_by_disclosure")]

    @property
    def is_retraction(self) -> bool:
        """There was no such disclosure."""
        return self.recipient_id is None

    @property
    def reason_words(self) -> Words:
        return words_in(self.reason)
