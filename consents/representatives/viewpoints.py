"""What somebody who represents a person sees of them: what is listed here, and nothing else.

Left out everywhere are recipients that the person hides, services that were left out of the representation, and what
the law keeps from the person. A table that is not listed here is empty for representatives.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet

from consents.models import (
    ActedFor,
    ApprovalRequest,
    Decision,
    HeldRepresentation,
    Recall,
    RecallCase,
    RecallStep,
    Representation,
    RequestCancellation,
    WithdrawalStep,
)
from disclosures.models import Correction, Disclosure, HiddenRecipient, Service
from privacycenter.models import RowKind, User, Viewpoint

Rows = QuerySet[Any]


@dataclass(frozen=True)
class LeftOut:
    """What is left out of the record of one person, who has the accounts with these ``keys``."""

    keys: tuple[int, ...]
    services: tuple[int, ...]
    recipients: tuple[int, ...]

    @property
    def named(self) -> Q:
        """The condition for rows about such a service or recipient."""
        return Q(service_id__in=self.services) | Q(recipient_id__in=self.recipients)

    def rows(self, model: type[Model]) -> Rows:
        return model._default_manager.filter(self.named, person_id__in=self.keys).order_by()

    def but_these(self, rows: Rows) -> Rows:
        return rows.exclude(self.named)

    def disclosures(self, rows: Rows, column: str = "id") -> Rows:
        """Leave out a disclosure also if only its correction is about something left out, or only the report was."""
        rows = rows.exclude(**{f"{column}__in": self.rows(Disclosure).values("id")})
        return rows.exclude(**{f"{column}__in": self.rows(Correction).values("disclosure_id")})

    def corrections(self, rows: Rows) -> Rows:
        return self.disclosures(rows, "disclosure_id")

    def cancellations(self, rows: Rows) -> Rows:
        return rows.exclude(request_id__in=self.rows(ApprovalRequest).values("id"))

    def withdrawal_steps(self, rows: Rows) -> Rows:
        return rows.exclude(withdrawal_id__in=self.rows(Decision).values("id"))

    @property
    def cases(self) -> Rows:
        return RecallCase.objects.filter(self.named, whose_id__in=self.keys).order_by()

    def recalls(self, rows: Rows) -> Rows:
        """Leave out a recall also if only one of its cases is about something left out: its row names them all."""
        return rows.exclude(id__in=self.cases.values("recall_id"))

    def recall_steps(self, rows: Rows) -> Rows:
        """What recipients did counts for what they keep. A step is about the recipient and service of its case."""
        return rows.exclude(case_id__in=self.cases.values("case_id"))

    def acts(self, rows: Rows) -> Rows:
        """Those by which a row was made that is not left out."""
        decided = Q(kind=RowKind.DECISION) & ~Q(row_id__in=self.rows(Decision).values("id"))
        recalled = Q(kind=RowKind.RECALL) & ~Q(row_id__in=self.cases.values("recall_id"))
        steps = RecallStep.objects.filter(person_id__in=self.keys, case_id__in=self.cases.values("case_id")).order_by()
        taken_back = Q(kind=RowKind.RECALL_STEP) & ~Q(row_id__in=steps.values("id"))
        return rows.filter(decided | recalled | taken_back)


NARROWED: dict[type[Model], Callable[[LeftOut, Rows], Rows]] = {
    Disclosure: LeftOut.disclosures,
    Correction: LeftOut.corrections,
    ApprovalRequest: LeftOut.but_these,
    RequestCancellation: LeftOut.cancellations,
    Decision: LeftOut.but_these,
    WithdrawalStep: LeftOut.withdrawal_steps,
    Recall: LeftOut.recalls,
    RecallStep: LeftOut.recall_steps,
    ActedFor: LeftOut.acts,
}


def left_out_of(person: User, representation: Representation) -> LeftOut:
    """Two SQL statements at most."""
    hidden = HiddenRecipient.objects.filter(person_id__in=person.keys).values_list("recipient_id", flat=True)
    codes = representation.left_out
    services = Service.objects.filter(code__in=codes).values_list("pk", flat=True) if codes else ()
    return LeftOut(tuple(person.keys), tuple(services), tuple(hidden))


def viewpoint_of(person: User, representation: Representation, representative: User) -> Viewpoint:
    left_out = left_out_of(person, representation)

    def narrow(rows: Rows) -> Rows:
        by = NARROWED.get(rows.model)
        return by(left_out, rows) if by else rows.none()

    return Viewpoint(
        representative=representative.pk,
        representation=representation.id,
        name=str(representative),
        may_decide=representation.may_decide,
        narrow=narrow,
    )


def person_seen_by(representative: User, held: HeldRepresentation | None) -> tuple[User, Representation] | None:
    """Return whom somebody represents by this row, as they may see them, and the representation.

    None if it is not in force, or the person's account is blocked or was erased. At most four SQL statements.
    """
    if held is None:
        return None
    row = Representation.objects.in_force().filter(person_id=held.represented_id, id=held.id).first()
    account = User.objects.select_related("merged_into").filter(pk=held.represented_id).first() if row else None
    if row is None or account is None or row.representative_id not in representative.keys:
        return None
    person = account.merged_into or account
    if not person.is_active:
        return None
    person.viewpoint = viewpoint_of(person, row, representative)
    return person, row
