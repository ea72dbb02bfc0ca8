"""Filing and cancelling approval requests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from consents.asking.rule_actions import apply_rules
from consents.asking.rules import rules_in_force
from consents.asking.topics import REQUEST_EXPIRING, REQUEST_WAITING, AboutRequest
from consents.models import ApprovalRequest, Decision, FiledRequest, RequestCancellation, in_effect
from disclosures.content.publications import newest_document
from disclosures.ledger.code_lookup import Codes, Resolved, refuse_retired
from disclosures.ledger.conformance import Published, ScenarioTerms
from disclosures.ledger.item_sets import ensure_item_sets
from disclosures.ledger.people import lock_person
from disclosures.models import Ground, Reporter
from privacycenter.errors import (
    AlreadyAnswered,
    ApprovalNotNeeded,
    InvalidValue,
    NoLongerOpen,
    NotYourRequest,
    RecipientOnHold,
)
from privacycenter.identifiers import uuid7
from privacycenter.models import RowKind, User
from privacycenter.outbox.leaving import leave
from privacycenter.proof.growing import record_grew

COOL_DOWN = timedelta(days=90)
LONGEST_WAIT = timedelta(days=90)
LONGEST_VALIDITY_DAYS = 3 * 365


@dataclass(frozen=True)
class Asked:
    """One item of a request. ``purpose`` and ``consequence``: language → text.

    ``retention_days``: how long the recipient keeps the data; None if that is not stated.
    """

    code: str
    purpose: dict[str, str]
    consequence: dict[str, str]
    retention_days: int | None = None


class Named(NamedTuple):
    recipient: str
    service: str
    scenario: str
    items: Sequence[str]


@transaction.atomic
def file_request(
    *,
    subject: str,
    recipient: str,
    service: str,
    scenario: str,
    items: Sequence[Asked],
    expires_at: datetime,
    valid_days: int,
    by: Reporter,
) -> tuple[ApprovalRequest, bool]:
    """Ask a person. Return the new request and True, or an earlier request and False.

    An earlier one is returned if it is open for the same recipient, service and scenario, or if an item asked for now
    was refused or withdrawn in it within the last 90 days. An approval that still holds is no obstacle: a service asks
    for the following period before it ends. A request that matches a standing rule is answered at once. Raises a
    Refusal for codes that cannot be used, a scenario that needs no approval, items the scenario does not declare, and
    periods out of range.
    """
    rows = resolve(recipient, service, scenario, items, by)
    refuse_bad_periods(expires_at, valid_days)
    person = lock_person(subject)
    if earlier := open_or_cooling(person, rows):
        return earlier, False
    request = ApprovalRequest.objects.create(
        person=person,
        id=uuid7(),
        recipient_id=rows.recipient.pk,
        service_id=rows.service.pk,
        scenario_id=rows.scenario.pk,
        item_set_id=ensure_item_sets(combinations=[rows.items])[rows.items],
        reporter=by,
        purposes={item.code: item.purpose for item in items},
        consequences={item.code: item.consequence for item in items},
        retention_days={item.code: item.retention_days for item in items if item.retention_days},
        requested_at=timezone.now(),
        expires_at=expires_at,
        valid_days=valid_days,
    )
    FiledRequest.objects.create(reporter=by, id=request.id, whose=person.pk)
    record_grew(RowKind.REQUEST, [request.pk])
    about = AboutRequest(person=person.pk, request=request.id)
    leave(REQUEST_EXPIRING, about, due_at=expires_at)
    # A request answered by a rule does not wait for the person.
    if apply_rules(request=request, by=person) is None:
        leave(REQUEST_WAITING, about)
    return request, True


@transaction.atomic
def cancel_request(*, request: ApprovalRequest, by: Reporter) -> bool:
    """Close a request that nobody answered; the person sees it closed. Return whether it was open.

    The caller has fetched the request for this reporter. Raises NotYourRequest (another reporter of the service filed
    it), AlreadyAnswered or NoLongerOpen (it expired). Cancelling twice is harmless.
    """
    if request.reporter_id != by.pk:
        raise NotYourRequest("Another reporter of your service asked.")
    person = User.objects.lock(request.person_id)
    if person.request_cancellations.filter(request_id=request.id).exists():
        return False
    if in_effect(person.decisions.answers_to(request.id)):
        raise AlreadyAnswered("The person has answered. Their decision holds.")
    if request.is_expired:
        raise NoLongerOpen("The time to answer was over already.")
    cancellation = RequestCancellation.objects.create(
        person=person, id=uuid7(), request_id=request.id, reporter=by, cancelled_at=timezone.now()
    )
    record_grew(RowKind.CANCELLATION, [cancellation.pk])
    return True


def resolve(recipient: str, service: str, scenario: str, items: Sequence[Asked], by: Reporter) -> Resolved:
    codes = [item.code for item in items]
    if again := [place for place, code in enumerate(codes) if code in codes[:place]]:
        raise InvalidValue("An item is named twice.", f"items[{again[0]}]")
    named = Named(recipient, service, scenario, codes)
    rows = Codes(by, [named]).resolve(named)
    refuse_retired(rows)
    refuse_undeclared(rows, Published(newest_document()).terms(rows), codes)
    return rows


def refuse_undeclared(rows: Resolved, terms: ScenarioTerms, codes: list[str]) -> None:
    """Refuse to ask for what a report would be flagged for. ``codes``: the items in the order they were named."""
    scenario, recipient = rows.scenario.code, rows.recipient.code
    if not terms.is_scenario_declared:
        raise InvalidValue(f"“{scenario}” is not published.", "scenario")
    if not terms.is_recipient_declared:
        raise InvalidValue(f"“{recipient}” is not published, or not for “{scenario}”.", "recipient")
    if terms.is_on_hold(timezone.now()):
        raise RecipientOnHold(f"It is published that nothing is provided to “{recipient}” now.", "recipient")
    if not terms.is_service_declared:
        raise InvalidValue(f"“{scenario}” is published for other services than “{rows.service.code}”.", "service")
    if terms.ground is not Ground.APPROVAL:
        raise ApprovalNotNeeded(f"The ground of “{scenario}” is “{terms.ground.code}”.", "scenario")
    for place, code in enumerate(codes):
        if code in terms.excluded_items:
            raise InvalidValue(f"“{rows.service.code}” does not provide “{code}” in “{scenario}”.", f"items[{place}]")
        if code in terms.undeclared_items:
            raise InvalidValue(f"“{scenario}” does not declare “{code}”.", f"items[{place}]")


def refuse_bad_periods(expires_at: datetime, valid_days: int) -> None:
    now = timezone.now()
    if not now < expires_at <= now + LONGEST_WAIT:
        raise InvalidValue(f"Must lie in the future, at most {LONGEST_WAIT.days} days ahead.", "expires_at")
    if not 1 <= valid_days <= LONGEST_VALIDITY_DAYS:
        raise InvalidValue(f"Must be from 1 to {LONGEST_VALIDITY_DAYS}.", "valid_days")


def open_or_cooling(person: User, rows: Resolved) -> ApprovalRequest | None:
    """Return the earlier request that blocks a new one: the open one, or one refused within the cool-down.

    A refusal by a rule blocks only while that rule is in force: the person never said no themselves.
    """
    about = {"recipient": rows.recipient.pk, "service": rows.service.pk, "scenario": rows.scenario.pk}
    waiting: ApprovalRequest | None = person.approval_requests.about(**about).undecided(person).first()
    if waiting:
        return waiting
    recent = person.decisions.about(**about).decided_since(timezone.now() - COOL_DOWN).newest_first()
    named: set[str] = set()
    for decision in in_effect(recent.select_related("allowed_set", "refused_set")):
        if (set(decision.refused_set.codes) - named) & set(rows.items) and stands(person, decision):
            return request_of(decision)
        named |= {*decision.allowed_set.codes, *decision.refused_set.codes}
    return None


def stands(person: User, decision: Decision) -> bool:
    return decision.rule_id is None or decision.rule_id in {rule.id for rule in rules_in_force(person)}


def request_of(decision: Decision) -> ApprovalRequest:
    request: ApprovalRequest = decision.person.approval_requests.get(id=decision.request_id)
    return request
