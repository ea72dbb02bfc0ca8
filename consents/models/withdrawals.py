"""Withdrawal cases: whether the recipient was told of a withdrawal, and what became of the data there."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from consents.models.decisions import Decision
from disclosures.models import Disclosure, Recipient, Service
from disclosures.models.ledger.events import DisclosureQuerySet, person_key, reference
from disclosures.models.ledger.withholding import withheld_from
from privacycenter.models import AppendOnly, AppendOnlyQuerySet, Sealed
from privacycenter.models.owner_keys import owned_by


class StepKind(models.IntegerChoices):
    """How far a case has come. Steps only go forward; the last two close the case."""

    TOLD = 1, _("told")
    ACKNOWLEDGED = 2, _("acknowledged")
    KEPT = 3, _("kept")
    DELETED = 4, _("deleted")

    @property
    def code(self) -> str:
        return self.name.lower()

    @classmethod
    def from_code(cls, code: str) -> "StepKind":
        return cls[code.upper()]


CLOSING = (StepKind.KEPT, StepKind.DELETED)
# How long a recipient has to delete the data or say why it keeps it.
ANSWER_WITHIN = timedelta(days=14)


class WithdrawalStepQuerySet(AppendOnlyQuerySet[Any]):
    def with_withdrawal(self) -> "WithdrawalStepQuerySet":
        """Annotate ``recipient_code`` and ``item_codes`` of each step's withdrawal, in the same SQL statement.

        Both are None where the withdrawal has been removed at the end of its retention.
        """
        named = self.annotate(
            recipient_code=F("withdrawal__recipient__code"), item_codes=F("withdrawal__refused_set__codes")
        )
        return cast("WithdrawalStepQuerySet", named)


class WithdrawalStep(Sealed):
    """One row is one step that followed a withdrawal, as the person reads it.

    ``withdrawal_id`` is the decision that withdrew. ``reason``: language → text, why data is kept. Either
    ``reporter_id`` (a service's machine) or ``staff_id`` (an officer; no foreign key, the table is the person's) says
    who reported the step. ``is_delivery``: the service received the webhook itself.
    """

    SEALED = {
        1: ("person", "id", "withdrawal_id", "kind", "reason", "is_delivery", "reporter_id", "staff_id", "taken_at")
    }

    pk = models.CompositePrimaryKey("person_id", "id")
    person = person_key("withdrawal_steps")
    id = models.UUIDField(editable=False)
    withdrawal_id = models.UUIDField()
    # By person and id: children join within their person (docs/decisions/0005). None once its retention is over.
    withdrawal = models.ForeignObject(
        Decision, models.DO_NOTHING, from_fields=["person", "withdrawal_id"], to_fields=["person", "id"],
        related_name="+", null=True, editable=False,
    )  # fmt: skip
    kind = models.PositiveSmallIntegerField(choices=StepKind.choices)
    reason = models.JSONField(default=dict)
    is_delivery = models.BooleanField(default=False)
    reporter_id = models.BigIntegerField(null=True, blank=True)
    staff_id = models.BigIntegerField(null=True, blank=True)
    taken_at = models.DateTimeField()

    objects = WithdrawalStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step after a withdrawal")
        verbose_name_plural = _("steps after withdrawals")
        constraints = [models.UniqueConstraint(fields=["person", "withdrawal_id", "kind"], name="a_step_is_taken_once")]

    @property
    def step(self) -> StepKind:
        return StepKind(self.kind)


class WithdrawalCaseQuerySet(AppendOnlyQuerySet[Any]):
    def open(self) -> "WithdrawalCaseQuerySet":
        return self.filter(closure__isnull=True)

    def closed(self) -> "WithdrawalCaseQuerySet":
        return self.filter(closure__isnull=False)


class WithdrawalCase(AppendOnly):
    """One row is one withdrawal to be followed up: the officers' list, so that nothing scans decisions.

    It points to the person and, by id, to their withdrawal. ``due_at``: when the recipient should have answered.
    """

    whose = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    withdrawal_id = models.UUIDField(_("withdrawal"))
    recipient = reference(Recipient)
    service = reference(Service)
    opened_at = models.DateTimeField(_("opened at"))
    due_at = models.DateTimeField(_("due at"))

    objects = WithdrawalCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("withdrawal case")
        verbose_name_plural = _("withdrawal cases")
        ordering = ["due_at", "pk"]
        indexes = [models.Index(fields=["due_at"], name="withdrawal_case_by_due")]
        constraints = [
            models.UniqueConstraint(fields=["whose", "withdrawal_id"], name="a_withdrawal_has_one_case"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class WithdrawalClosure(AppendOnly):
    """One row is the closure of one case: the data is deleted, or kept for a reason that the person can read."""

    case = models.OneToOneField(WithdrawalCase, models.PROTECT, related_name="closure", verbose_name=_("case"))
    closed_at = models.DateTimeField(_("closed at"))

    class Meta:
        verbose_name = _("closing of a withdrawal case")
        verbose_name_plural = _("closings of withdrawal cases")

    def __str__(self) -> str:
        return f"{self.case_id}"


# --- What the law keeps from the person ------------------------------------------------------------------------------


def reported_before(value: Callable[[str], Any], person: Any) -> DisclosureQuerySet:
    """Select what was reported of this person before a withdrawal about the same. ``value`` gives a column of the
    withdrawal, as it is or of the outer query.
    """
    same = {name: value(name) for name in ("recipient_id", "service_id", "scenario_id")}
    return Disclosure.objects.filter(occurred_at__lte=value("decided_at"), **owned_by(person), **same)


def kept_back(person: Any) -> QuerySet[Any]:
    """Return the ids of the withdrawals whose case would tell the person of what the law keeps from them: all that was
    reported before these is withheld. A subquery that is read once.
    """
    before = reported_before(OuterRef, person)
    withheld = before.filter(id__in=withheld_from(person))
    found = person.decisions.filter(Exists(withheld), ~Exists(before.shown_to(person)), withdraws_id__isnull=False)
    ids: QuerySet[Any] = found.values("id")
    return ids
