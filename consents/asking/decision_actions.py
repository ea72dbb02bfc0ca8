"""Answering, undoing and withdrawing. Each adds a decision; none changes one."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from consents.asking.decisions import decision_page
from consents.asking.requests import CANCELLED, EXPIRED, OPEN, RequestPage, request_page
from consents.asking.topics import APPROVAL_ENDING, DECISION_MADE, DECISION_WITHDRAWN, AboutDecision
from consents.models import Decision, StandingRule
from consents.withdrawals.actions import open_withdrawal_case
from disclosures.ledger.item_sets import ensure_item_sets
from disclosures.publishing.publications import newest_publication
from privacycenter.canonical import sha256_of
from privacycenter.errors import AlreadyAnswered, InvalidValue, NoLongerOpen, TextChanged
from privacycenter.identifiers import uuid7
from privacycenter.models import User
from privacycenter.outbox.leaving import leave

# How long before the end of an approval the person is told; for a short approval, half its length.
ENDING_NOTICE = timedelta(days=14)


@transaction.atomic
def answer_request(
    *, request_id: UUID, allowed: set[str], text_sha256: str, valid_days: int | None = None, by: User
) -> Decision:
    """Allow these items of the request and refuse the others; an empty set refuses all.

    ``valid_days``: at most what was asked for; None means as long as asked. ``by`` is the person, and the caller has
    fetched the request from that person. Raises AlreadyAnswered, NoLongerOpen, TextChanged (the person saw another text
    than the current one) or InvalidValue (an item that was not asked for, or too many days).
    """
    User.objects.lock(by.pk)
    page = request_page(by, request_id)
    if page is None:
        raise NoLongerOpen("There is no such request.")
    refuse_unanswerable(page, allowed, text_sha256)
    days = page.valid_days if valid_days is None else valid_days
    if not 1 <= days <= page.valid_days:
        raise InvalidValue(f"Must be from 1 to {page.valid_days} days.", "valid_days")
    return add_answer(page, allowed, days, by, None)


def refuse_unanswerable(page: RequestPage, allowed: set[str], text_sha256: str) -> None:
    if page.state == CANCELLED:
        raise NoLongerOpen("The service no longer asks. Nothing is provided.")
    if page.state == EXPIRED:
        raise NoLongerOpen("The time to answer is over. Nothing is provided.")
    if page.state != OPEN:
        raise AlreadyAnswered("This request was answered already.")
    if text_sha256 != page.text_sha256:
        raise TextChanged("The text changed since it was shown. Nothing was decided.")
    if allowed - {item.code for item in page.items}:
        raise InvalidValue("An item was allowed that was not asked for.", "allowed")


@transaction.atomic
def refuse_by_rule(*, request_id: UUID, rule: StandingRule, by: User) -> Decision:
    """Refuse all items of an open request because of a standing rule.

    MUST be called in the transaction that files the request, with the person's row locked. The decision keeps the text
    that the person would have seen.
    """
    page = request_page(by, request_id)
    if page is None or not page.is_open:
        raise NoLongerOpen("There is no such open request.")
    return add_answer(page, set(), page.valid_days, by, rule)


def add_answer(page: RequestPage, allowed: set[str], days: int, by: User, rule: StandingRule | None) -> Decision:
    asked = {item.code for item in page.items}
    now = moment_after(by)
    allowed_codes, refused_codes = tuple(sorted(allowed)), tuple(sorted(asked - allowed))
    sets = ensure_item_sets(combinations=[allowed_codes, refused_codes])
    decision = Decision.objects.create(
        person=by,
        id=uuid7(),
        request_id=page.id,
        rule_id=rule.id if rule else None,
        opening=page.opening,
        recipient=page.recipient,
        service=page.service,
        scenario=page.scenario,
        allowed_set_id=sets[allowed_codes],
        refused_set_id=sets[refused_codes],
        decided_at=now,
        valid_until=now + timedelta(days=days),
        publication=page.publication,
        language=page.text["language"],
        text=page.text,
        text_sha256=page.text_sha256,
    )
    about = AboutDecision(person=by.pk, decision=decision.id)
    leave(DECISION_MADE, about)
    if allowed:
        notice = min(ENDING_NOTICE, timedelta(days=days) / 2)
        leave(APPROVAL_ENDING, about, due_at=decision.valid_until - notice)
    return decision


@transaction.atomic
def undo_answer(*, decision_id: UUID, language: str, by: User) -> Decision:
    """Undo an answer: the request is open again until it expires.

    A person's own answer can be undone for ten minutes, a rule's answer until the request expires; after that raises
    NoLongerOpen. From the commit on, checks answer as they did before the undone answer.
    """
    User.objects.lock(by.pk)
    page = decision_page(by, decision_id)
    if page is None or not page.can_be_undone:
        raise NoLongerOpen("This answer can no longer be undone.")
    text = {"language": language, "undoes": str(page.decision.id), "of_text_sha256": page.decision.text_sha256}
    undoing = add_ending(page.decision, refused=(), text=text, by=by, undoes_id=page.decision.id)
    # For a service this equals a withdrawal: what it was told is allowed no longer is.
    leave(DECISION_WITHDRAWN, AboutDecision(person=by.pk, decision=undoing.id))
    return undoing


@transaction.atomic
def withdraw_decision(*, decision_id: UUID, language: str, by: User) -> Decision:
    """End what a decision allowed and open a withdrawal case. From the commit on, every check says no.

    Raises NoLongerOpen if the decision was withdrawn before or allowed nothing. A decision past its validity can still
    be withdrawn, so that the record says so.
    """
    User.objects.lock(by.pk)
    page = decision_page(by, decision_id)
    if page is None or not page.can_be_withdrawn:
        raise NoLongerOpen("This decision cannot be withdrawn: it allowed nothing, or was withdrawn before.")
    decision = page.decision
    text = {"language": language, "withdraws": str(decision.id), "of_text_sha256": decision.text_sha256}
    codes = tuple(decision.allowed_set.codes)
    withdrawal = add_ending(decision, refused=codes, text=text, by=by, withdraws_id=decision.id)
    open_withdrawal_case(withdrawal=withdrawal)
    leave(DECISION_WITHDRAWN, AboutDecision(person=by.pk, decision=withdrawal.id))
    return withdrawal


def add_ending(
    decision: Decision, *, refused: tuple[str, ...], text: dict[str, str], by: User, **names: UUID
) -> Decision:
    """Add the row that ends this decision. ``names``: ``withdraws_id`` or ``undoes_id``."""
    sets = ensure_item_sets(combinations=[(), refused])
    now = moment_after(by)
    published = newest_publication()
    return Decision.objects.create(
        person=by,
        id=uuid7(),
        request_id=decision.request_id,
        opening=decision.opening,
        recipient=decision.recipient,
        service=decision.service,
        scenario=decision.scenario,
        allowed_set_id=sets[()],
        refused_set_id=sets[refused],
        decided_at=now,
        valid_until=now,
        publication=published.number if published else 0,
        language=text["language"],
        text=text,
        text_sha256=sha256_of(text),
        **names,
    )


def moment_after(person: User) -> datetime:
    """Return now, or the moment after the person's newest decision if another machine's clock was ahead."""
    newest = person.decisions.newest_first().values_list("decided_at", flat=True).first()
    now = timezone.now()
    return max(now, newest + timedelta(microseconds=1)) if newest else now
