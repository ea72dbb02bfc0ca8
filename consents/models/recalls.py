"""Recalls: a person asks that recipients delete, correct or stop using what they hold, one case for each of them."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from disclosures.models import Recipient, Service
from disclosures.models.ledger.events import person_key, reference
from privacycenter.models import AppendOnly, AppendOnlyQuerySet, Sealed

# How long a recipient has to do what is asked, or to say why not.
DONE_WITHIN = timedelta(days=14)
# How long after it was told by mail a recipient that has not answered is reminded.
REMINDED_AFTER = timedelta(days=10)


class RecallKind(models.TextChoices):
    DELETE = "delete", _("delete the data")
    CORRECT = "correct", _("correct the data")
    STOP = "stop", _("stop using the data")


class RecallStepKind(models.IntegerChoices):
    """How far a case has come. Steps only go forward: what was kept or refused may be done later."""

    TOLD = 1, _("told")
    ACKNOWLEDGED = 2, _("acknowledged")
    TAKEN_BACK = 3, _("taken back by the person")
    REFUSED = 4, _("refused")
    KEPT = 5, _("kept")
    CORRECTED = 6, _("corrected")
    STOPPED = 7, _("no longer used")
    DELETED = 8, _("deleted")

    @property
    def code(self) -> str:
        return self.name.lower()

    @classmethod
    def from_code(cls, code: str) -> "RecallStepKind":
        return cls[code.upper()]

    @property
    def needs_reason(self) -> bool:
        return self in WITH_REASON

    @property
    def is_closing(self) -> bool:
        return self > RecallStepKind.ACKNOWLEDGED


# The person reads why.
WITH_REASON = (RecallStepKind.REFUSED, RecallStepKind.KEPT)
CLOSING_RECALLS = tuple(kind for kind in RecallStepKind if kind.is_closing)
# What fulfils a recall of each kind. Who deletes data no longer uses it, and keeps nothing that is wrong.
FULFILLING = {
    RecallKind.DELETE: (RecallStepKind.DELETED,),
    RecallKind.CORRECT: (RecallStepKind.CORRECTED, RecallStepKind.DELETED),
    RecallKind.STOP: (RecallStepKind.STOPPED, RecallStepKind.DELETED),
}


def steps_for(kind: str) -> tuple[RecallStepKind, ...]:
    """Return the steps that a service, a recipient or an officer may report about a recall of this kind, in order."""
    return (RecallStepKind.TOLD, RecallStepKind.ACKNOWLEDGED, *WITH_REASON, *FULFILLING[RecallKind(kind)])


class Recall(Sealed):
    """One row is one recall, as its person filed it.

    ``about`` says what is recalled: ``{"recipient": code}``, ``{"disclosure": id}``, ``{"item": code}``, or ``{}`` for
    everything. ``targets`` are its cases: ``[{"case": id, "recipient": code, "service": code, "items": [code…],
    "count": disclosures}]``. ``incident_id`` is the incident that the person was told of, if it was filed from there.
    ``staff_id``: the officer who filed it for the person (no foreign key, the table is the person's); ``inquiry``: the
    reference number of the request to the operator in which it was asked for, if it was. Of a person with
    several accounts, each account with something to recall has a row of the same ``id``. It holds no values: what
    should be corrected to what is between the person and the recipient.
    """

    SEALED = {
        1: ("person", "id", "kind", "about", "targets", "incident_id", "staff_id", "asked_at"),
        2: ("person", "id", "kind", "about", "targets", "incident_id", "staff_id", "asked_at", "inquiry"),
    }

    pk = models.CompositePrimaryKey("person_id", "id")
    person = person_key("recalls")
    id = models.UUIDField(editable=False)
    kind = models.CharField(max_length=10, choices=RecallKind.choices)
    about = models.JSONField(default=dict)
    targets = models.JSONField()
    incident_id = models.UUIDField(null=True, blank=True)
    staff_id = models.BigIntegerField(null=True, blank=True)
    asked_at = models.DateTimeField()
    inquiry = models.CharField(max_length=20, blank=True, default="")

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("recall")
        verbose_name_plural = _("recalls")


class RecallStep(Sealed):
    """One row is one step about one case of a recall, as the person reads it.

    ``case_id`` is the id in the recall's ``targets``. ``reason``: language → text, why data is kept or the recall is
    refused. Who reported it: ``reporter_id`` (a service's machine), ``staff_id`` (an officer), ``is_by_recipient`` (the
    recipient, through its link), or none of them (the person took it back). ``is_delivery``: the service received the
    webhook, or the recipient's mail server the mail.
    """

    SEALED = {1: (
        "person", "id", "recall_id", "case_id", "kind", "reason", "is_delivery", "reporter_id", "staff_id",
        "is_by_recipient", "taken_at",
    )}  # fmt: skip

    pk = models.CompositePrimaryKey("person_id", "id")
    person = person_key("recall_steps")
    id = models.UUIDField(editable=False)
    recall_id = models.UUIDField()
    case_id = models.UUIDField()
    kind = models.PositiveSmallIntegerField(choices=RecallStepKind.choices)
    reason = models.JSONField(default=dict)
    is_delivery = models.BooleanField(default=False)
    reporter_id = models.BigIntegerField(null=True, blank=True)
    staff_id = models.BigIntegerField(null=True, blank=True)
    is_by_recipient = models.BooleanField(default=False)
    taken_at = models.DateTimeField()

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a recall")
        verbose_name_plural = _("steps of recalls")
        constraints = [
            models.UniqueConstraint(fields=["person", "case_id", "kind"], name="a_recall_step_is_taken_once")
        ]

    @property
    def step(self) -> RecallStepKind:
        return RecallStepKind(self.kind)


class RecallCaseQuerySet(AppendOnlyQuerySet[Any]):
    def with_references(self) -> "RecallCaseQuerySet":
        """Fetch everything that a page names in the same SQL statement."""
        return self.select_related("recipient__country", "service", "closure")

    def open(self) -> "RecallCaseQuerySet":
        return self.filter(closure__isnull=True)

    def closed(self) -> "RecallCaseQuerySet":
        return self.filter(closure__isnull=False)

    def overdue(self, now: datetime | None = None) -> "RecallCaseQuerySet":
        return self.open().filter(due_at__lte=now or timezone.now())


class RecallCase(AppendOnly):
    """One row is what one recipient, through one service, is to do about one recall: the officers' list.

    It points to the person and, by ids, to their recall and the target in it. ``due_at``: when the recipient should
    have done it or said why not.
    """

    whose = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    recall_id = models.UUIDField(_("recall"))
    case_id = models.UUIDField(_("case"))
    kind = models.CharField(_("kind"), max_length=10, choices=RecallKind.choices)
    recipient = reference(Recipient)
    service = reference(Service)
    opened_at = models.DateTimeField(_("opened at"))
    due_at = models.DateTimeField(_("due at"))

    objects = RecallCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("recall case")
        verbose_name_plural = _("recall cases")
        ordering = ["due_at", "pk"]
        indexes = [models.Index(fields=["due_at"], name="recall_case_by_due")]
        constraints = [models.UniqueConstraint(fields=["whose", "case_id"], name="a_recall_has_a_case_once")]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def is_closed(self) -> bool:
        return hasattr(self, "closure")

    @property
    def is_overdue(self) -> bool:
        return not self.is_closed and self.due_at <= timezone.now()


class RecallClosure(AppendOnly):
    """One row is the closure of one case: it was done, refused or kept for a reason, or taken back."""

    case = models.OneToOneField(RecallCase, models.PROTECT, related_name="closure", verbose_name=_("case"))
    closed_at = models.DateTimeField(_("closed at"))

    class Meta:
        verbose_name = _("closing of a recall case")
        verbose_name_plural = _("closings of recall cases")

    def __str__(self) -> str:
        return f"{self.case_id}"


class RecallMail(AppendOnly):
    """One row is one time that an officer had a recipient told by mail, with a link by which it can answer."""

    case = models.ForeignKey(RecallCase, models.PROTECT, related_name="mails", verbose_name=_("case"))
    address = models.EmailField(_("e-mail address"))
    asked_at = models.DateTimeField(_("when"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta:
        verbose_name = _("recall told by mail")
        verbose_name_plural = _("recalls told by mail")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.address}"
