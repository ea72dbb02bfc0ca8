"""How long recipients keep what they got, as the services said when they asked, and whether it was deleted since.

A countdown runs from the last disclosure of an item under an answer. Past its end without a deletion that was reported,
the deletion is not confirmed: nobody knows more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Max, Q
from django.utils import timezone

from consents.models import Decision, Recall, RecallStepKind, StepKind
from disclosures.models import ItemSet, Recipient, Scenario, Service
from disclosures.public.titles import Names
from disclosures.record.effective_record import CorrectedRecord, corrected_record, named_by
from privacycenter.models import User
from privacycenter.text.words import Words

# --- Pure ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Provided:
    """When these items were last provided under one answer, as codes."""

    recipient: str
    service: str
    scenario: str
    decision: UUID
    items: tuple[str, ...]
    last_at: datetime


@dataclass(frozen=True)
class Deletion:
    """What a recipient was reported to have deleted ``at`` a moment, of all that it had got by ``asked_at``.

    ``scenario``: empty for all of them.
    """

    recipient: str
    service: str
    scenario: str
    items: frozenset[str]
    asked_at: datetime
    at: datetime

    def covers(self, one: Provided, item: str, last_at: datetime) -> bool:
        is_same = (self.recipient, self.service) == (one.recipient, one.service)
        return is_same and self.scenario in ("", one.scenario) and item in self.items and last_at <= self.asked_at


@dataclass(frozen=True)
class Kept:
    """Items that one recipient keeps ``until`` a moment. ``deleted_at``: when their deletion was reported; None if it
    was not."""

    recipient: str
    service: str
    scenario: str
    decision: UUID
    items: tuple[str, ...]
    until: datetime
    deleted_at: datetime | None

    def days_left(self, now: datetime) -> int:
        """Calendar days until it ends, 0 on its last day; negative afterwards."""
        return (timezone.localdate(self.until) - timezone.localdate(now)).days

    def is_unconfirmed(self, now: datetime) -> bool:
        return self.deleted_at is None and self.until <= now


def kept_of(
    provided: Iterable[Provided], promised: Mapping[UUID, Mapping[str, int]], deletions: Sequence[Deletion]
) -> list[Kept]:
    """Return what is kept until when, the earliest end first. ``promised``: answer → item → days, where its service
    said how long the recipient keeps it; what it did not say is not told."""
    last: dict[tuple[UUID, str, str, str, str], tuple[datetime, Provided]] = {}
    for one in provided:
        for item in one.items:
            key = (one.decision, one.recipient, one.service, one.scenario, item)
            if item in promised.get(one.decision, {}) and (key not in last or last[key][0] < one.last_at):
                last[key] = one.last_at, one
    together: dict[tuple[Any, ...], list[str]] = {}
    for (decision, *whom, item), (last_at, one) in last.items():
        until = last_at + timedelta(days=promised[decision][item])
        deleted = [deletion.at for deletion in deletions if deletion.covers(one, item, last_at)]
        together.setdefault((*whom, decision, until, min(deleted, default=None)), []).append(item)
    found = [
        Kept(recipient, service, scenario, decision, tuple(sorted(items)), until, deleted_at)
        for (recipient, service, scenario, decision, until, deleted_at), items in together.items()
    ]
    return sorted(found, key=lambda one: (one.until, one.recipient, one.service, one.items))


# --- From the database -----------------------------------------------------------------------------------------------


def kept(person: User, condition: Q | None = None, *, known_at: datetime | None = None) -> list[Kept]:
    """Return what recipients keep of this person until when, of what counts under the condition, by ``known_at`` or
    now. At most six SQL statements; one if nothing was provided under an answer."""
    record = corrected_record(person, known_at=known_at)
    provided = list(provided_under_answers(record, condition or Q()))
    promised = promised_in(person, {one.decision for one in provided}) if provided else {}
    if not any(promised.values()):
        return []
    until = known_at or timezone.now()
    return kept_of(provided, promised, [*deleted_after_withdrawals(person, until), *deleted_by_recalls(person, until)])


def provided_under_answers(record: CorrectedRecord, condition: Q) -> Iterable[Provided]:
    """Yield what counts as provided under an answer, once for each item set. One SQL statement."""
    keys = {
        "recipient_key": F("recipient_id"), "service_key": F("service_id"), "scenario_key": F("scenario_id"),
        "item_set_key": F("item_set_id"), "answer": F("decision_id"),
    }  # fmt: skip
    looked_up = {
        "recipient_code": named_by(Recipient, "recipient_id", "code"),
        "service_code": named_by(Service, "service_id", "code"),
        "scenario_code": named_by(Scenario, "scenario_id", "code"),
        "item_codes": named_by(ItemSet, "item_set_id", "codes"),
    }
    is_answered, last = Q(decision_id__isnull=False), {"last_at": Max("occurred_at")}
    for group, _is_corrected in record.groups(condition & is_answered, keys, last, looked_up):
        yield Provided(
            group["recipient_code"], group["service_code"], group["scenario_code"], group["answer"],
            tuple(group["item_codes"]), group["last_at"],
        )  # fmt: skip


def promised_in(person: User, answers: Iterable[UUID]) -> dict[UUID, dict[str, int]]:
    """Return answer → item → days, as the person read them. One SQL statement."""
    rows = person.decisions.filter(id__in=list(answers)).order_by().values_list("id", "text__items")
    return {
        id: {item["code"]: item["retention_days"] for item in items or () if item.get("retention_days")}
        for id, items in rows
    }


def deleted_after_withdrawals(person: User, until: datetime) -> list[Deletion]:
    """Two SQL statements, one without any."""
    steps = person.withdrawal_steps.filter(kind=StepKind.DELETED, taken_at__lte=until)
    at = dict(steps.order_by().values_list("withdrawal_id", "taken_at"))
    if not at:
        return []
    withdrawals = Decision.objects.filter(person_id__in=person.keys, id__in=list(at)).order_by()
    columns = ("id", "recipient__code", "service__code", "scenario__code", "refused_set__codes", "decided_at")
    return [
        Deletion(recipient, service, scenario, frozenset(items), decided_at, at[id])
        for id, recipient, service, scenario, items, decided_at in withdrawals.values_list(*columns)
    ]


def deleted_by_recalls(person: User, until: datetime) -> list[Deletion]:
    """A recall of one disclosure says nothing of the others. Two SQL statements, one without any."""
    steps = person.recall_steps.filter(kind=RecallStepKind.DELETED, taken_at__lte=until).order_by()
    at = {(recall, case): taken_at for recall, case, taken_at in steps.values_list("recall_id", "case_id", "taken_at")}
    if not at:
        return []
    recalls = Recall.objects.filter(person_id__in=person.keys, id__in={recall for recall, _case in at}).order_by()
    return [
        Deletion(one["recipient"], one["service"], "", frozenset(one["items"]), asked_at, at[id, UUID(one["case"])])
        for id, about, targets, asked_at in recalls.values_list("id", "about", "targets", "asked_at")
        for one in (targets if "disclosure" not in about else ())
        if (id, UUID(one["case"])) in at
    ]


# --- For pages -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class KeptView:
    """One line: ``items`` by name, how many days are left, and what is known of the deletion."""

    recipient_code: str
    service_code: str
    items: list[Words]
    until: datetime
    days_left: int
    deleted_at: datetime | None
    is_unconfirmed: bool


def kept_views(found: Iterable[Kept], names: Names) -> list[KeptView]:
    """Return the lines about these, of each item the one that ends last. No SQL besides that of ``Names``."""
    now = timezone.now()
    last = {(one.recipient, one.service, one.scenario, item): one for one in found for item in one.items}
    views = [
        KeptView(
            recipient_code=one.recipient,
            service_code=one.service,
            items=names.items(items),
            until=one.until,
            days_left=one.days_left(now),
            deleted_at=one.deleted_at,
            is_unconfirmed=one.is_unconfirmed(now),
        )
        for one in dict.fromkeys(last.values())
        if (items := [item for item in one.items if last[one.recipient, one.service, one.scenario, item] is one])
    ]
    return sorted(views, key=lambda view: view.until)
