"""Who holds what of a person, as far as a recall reaches: by account, recipient and service. Never writes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Max, Q

from consents.models import Recall, RecallCase
from consents.recalls.about import About, AboutKind, about_of
from disclosures.models import ItemSet, Recipient, Service
from disclosures.record.effective_record import CorrectedRecord, corrected_record, named_by
from privacycenter.models import User


@dataclass(frozen=True)
class Target:
    """What one recipient got of one account through one service. ``is_asked``: an open case asks for all of it already.

    ``items``: the codes that are recalled, sorted; ``count``: the disclosures with any of them, the last of which was
    provided at ``last_at``; ``recorded_at``: when the newest was recorded.
    """

    account: int
    recipient_id: int
    service_id: int
    recipient: str
    service: str
    items: tuple[str, ...]
    count: int
    last_at: datetime
    recorded_at: datetime
    is_asked: bool = False

    @property
    def key(self) -> tuple[int, int, int]:
        return self.account, self.recipient_id, self.service_id


@dataclass(frozen=True)
class Asked:
    """What an open case asks of a recipient: these items, of all that was recorded by then."""

    items: frozenset[str]
    at: datetime

    def covers(self, target: Target) -> bool:
        return set(target.items) <= self.items and target.recorded_at <= self.at


def targets(person: User, about: About, kind: str) -> list[Target]:
    """Return what a recall of this kind would ask, by recipient and service, the latest first. At most four SQL
    statements. What the law keeps from the person is not among it.
    """
    found: dict[tuple[int, int, int], Target] = {}
    for one in reached(person, about):
        before = found.get(one.key)
        found[one.key] = together(before, one) if before else one
    asked = asked_already(person, about, kind)
    marked = [
        replace(one, is_asked=any(other.covers(one) for other in asked.get(one.key, ()))) for one in found.values()
    ]
    return sorted(marked, key=lambda one: one.last_at, reverse=True)


def reached(person: User, about: About) -> Iterable[Target]:
    """Yield what the recall reaches, once for each item set. One SQL statement."""
    record, condition = narrowed(corrected_record(person), about)
    keys = {
        "account": F("person_id"), "recipient_key": F("recipient_id"), "service_key": F("service_id"),
        "item_set_key": F("item_set_id"),
    }  # fmt: skip
    counts = {"count": Count("id"), "last_at": Max("occurred_at"), "newest_at": Max("recorded_at")}
    looked_up = {
        "recipient_code": named_by(Recipient, "recipient_id", "code"),
        "service_code": named_by(Service, "service_id", "code"),
        "item_codes": named_by(ItemSet, "item_set_id", "codes"),
    }
    for group, _is_corrected in record.groups(condition, keys, counts, looked_up):
        items = (about.code,) if about.kind is AboutKind.ITEM else tuple(group["item_codes"])
        yield Target(
            account=group["account"], recipient_id=group["recipient_key"], service_id=group["service_key"],
            recipient=group["recipient_code"], service=group["service_code"], items=items, count=group["count"],
            last_at=group["last_at"],
            recorded_at=group["newest_at"],
        )  # fmt: skip


def narrowed(record: CorrectedRecord, about: About) -> tuple[CorrectedRecord, Q]:
    """Return the record and the condition of what a recall is about."""
    match about.kind:
        case AboutKind.RECIPIENT:
            return record, Q(recipient__code=about.code)
        case AboutKind.ITEM:
            return record, Q(item_set__in=ItemSet.objects.filter(items__code=about.code).values("pk"))
        case AboutKind.DISCLOSURE:
            return replace(record, only=UUID(about.code)), Q()
    return record, Q()


def together(one: Target, other: Target) -> Target:
    return replace(
        one,
        items=tuple(sorted({*one.items, *other.items})),
        count=one.count + other.count,
        last_at=max(one.last_at, other.last_at),
        recorded_at=max(one.recorded_at, other.recorded_at),
    )


def asked_already(person: User, about: About, kind: str) -> dict[tuple[int, int, int], list[Asked]]:
    """Return account, recipient and service → what open cases of this kind ask there. Two SQL statements, none without
    a kind. A recall of one disclosure asks for that alone, so it stands for no other recall.
    """
    cases = {
        (case.whose_id, case.case_id): case
        for case in RecallCase.objects.open().filter(whose_id__in=person.keys, kind=kind)
    } if kind else {}  # fmt: skip
    ids = {case.recall_id for case in cases.values()}
    asked: dict[tuple[int, int, int], list[Asked]] = {}
    for recall in Recall.objects.filter(person_id__in=person.keys, id__in=ids) if ids else ():
        before = about_of(recall.about)
        if before.kind is AboutKind.DISCLOSURE and before != about:
            continue
        for target in recall.targets:
            if case := cases.get((recall.person_id, UUID(target["case"]))):
                key = case.whose_id, case.recipient_id, case.service_id
                asked.setdefault(key, []).append(Asked(frozenset(target["items"]), recall.asked_at))
    return asked
