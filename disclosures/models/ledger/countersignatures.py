"""Keys of recipients, and what they signed with them: that they received something, or deleted it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from disclosures.models.content.recipients import Recipient
from disclosures.models.ledger.events import person_key, reference
from disclosures.models.ledger.withholding import withheld_from
from privacycenter.log.countersigning import DELETED, RECEIVED, fingerprint_of
from privacycenter.models import AppendOnly, AppendOnlyQuerySet, Sealed


class Said(models.TextChoices):
    """What a recipient signs."""

    RECEIVED = RECEIVED, pgettext_lazy("signed", "received")
    DELETED = DELETED, pgettext_lazy("signed", "deleted")


class RecipientKeyQuerySet(AppendOnlyQuerySet["RecipientKey"]):
    def with_history(self) -> "RecipientKeyQuerySet":
        """Fetch the recipient, who registered each key and who retired it in the same SQL statement."""
        return self.select_related("recipient", "registered_by", "retirement__retired_by")

    def newest_first(self) -> "RecipientKeyQuerySet":
        return self.order_by("-registered_at", "-pk")


class RecipientKey(AppendOnly):
    """One row is one public key (Ed25519) of a recipient. ``public``: its 32 bytes; ``fingerprint``: SHA-256 over it as
    DER, as OpenSSL prints it. Once retired, it signs nothing more; what it signed before still counts."""

    recipient = reference(Recipient)
    public = models.BinaryField(max_length=32)
    fingerprint = models.CharField(_("fingerprint"), max_length=64, unique=True)
    registered_at = models.DateTimeField(_("registered at"))
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    objects = RecipientKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("key of a recipient")
        verbose_name_plural = _("keys of recipients")
        ordering = ["pk"]
        indexes = [models.Index(fields=["recipient"], name="recipient_key_by_recipient")]

    def __str__(self) -> str:
        return self.fingerprint

    @property
    def is_retired(self) -> bool:
        return hasattr(self, "retirement")

    @property
    def is_intact(self) -> bool:
        """Whether the fingerprint is that of the key."""
        return fingerprint_of(bytes(self.public)) == self.fingerprint


class RecipientKeyRetirement(AppendOnly):
    """One row is the end of one key: from then on nothing that it signs is taken."""

    key = models.OneToOneField(RecipientKey, models.PROTECT, related_name="retirement", verbose_name=_("key"))
    reason = models.CharField(_("why"), max_length=500)
    retired_at = models.DateTimeField(_("retired at"))
    retired_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta:
        verbose_name = _("retirement of a key of a recipient")
        verbose_name_plural = _("retirements of keys of recipients")

    def __str__(self) -> str:
        return f"{self.key_id}"


class CountersignatureQuerySet(AppendOnlyQuerySet["Countersignature"]):
    def with_key(self) -> "CountersignatureQuerySet":
        """Fetch the key and its recipient in the same SQL statement."""
        return self.select_related("key__recipient")

    def shown_to(self, person: Any) -> "CountersignatureQuerySet":
        """Leave out those about disclosures that the law keeps from this person."""
        kept = models.Q(disclosure_id__isnull=False, disclosure_id__in=withheld_from(person))
        return self.exclude(kept)

    def oldest_first(self) -> "CountersignatureQuerySet":
        return self.order_by("received_at", "id")


class Countersignature(Sealed):
    """One row is one statement that a recipient signed with its key, about one disclosure or one case of a recall.

    ``statement`` is the exact text that was signed (``privacycenter.log.countersigning``), ``said`` and ``signed_at``
    are what it says. ``recall_id`` and ``case_id`` are those of a recall, ``disclosure_id`` that of a disclosure. Who
    brought it: ``reporter_id`` (a service's machine) or ``is_by_recipient`` (the recipient, by its link). It names the
    person in no column but their key.
    """

    SEALED = {1: (
        "person", "id", "disclosure_id", "recall_id", "case_id", "said", "key", "statement", "signature", "signed_at",
        "reporter_id", "is_by_recipient", "received_at",
    )}  # fmt: skip

    pk = models.CompositePrimaryKey("person_id", "id")
    person = person_key("countersignatures")
    id = models.UUIDField(editable=False)
    disclosure_id = models.UUIDField(null=True, blank=True)
    recall_id = models.UUIDField(null=True, blank=True)
    case_id = models.UUIDField(null=True, blank=True)
    said = models.CharField(max_length=10, choices=Said.choices)
    key = reference(RecipientKey)
    statement = models.TextField()
    signature = models.BinaryField(max_length=64)
    signed_at = models.DateTimeField()
    reporter_id = models.BigIntegerField(null=True, blank=True)
    is_by_recipient = models.BooleanField(default=False)
    received_at = models.DateTimeField()

    objects = CountersignatureQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature of a recipient")
        verbose_name_plural = _("signatures of recipients")
        constraints = [
            models.UniqueConstraint(fields=["person", "disclosure_id", "said"], name="disclosure_countersigned_once"),
            models.UniqueConstraint(fields=["person", "case_id", "said"], name="recall_countersigned_once"),
        ]


class TakenSignature(AppendOnly):
    """One row is one signature that was taken, by its SHA-256 in hex: it counts once, for one person. It names nobody,
    and stays when what it was taken for goes."""

    digest = models.CharField(max_length=64, primary_key=True)

    class Meta:
        verbose_name = _("signature that was taken")
        verbose_name_plural = _("signatures that were taken")

    def __str__(self) -> str:
        return self.digest
