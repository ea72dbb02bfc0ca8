"""Answering, undoing and withdrawing. Each adds a decision; none changes one.

A decision belongs to the account that was asked, also where the person has several. ``by`` is the person also where
somebody answers who represents them; then each action writes down who did, and raises NoLongerOpen if they may not.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from consents.acting.actions import note_acted
from consents.asking.answer_changes import AnswerChange, change_of
from consents.asking.decisions import decision_page
from consents.asking.requests import CANCELLED, EXPIRED, RequestPage, request_page
from consents.asking.topics import APPROVAL_ENDING, DECISION_MADE, DECISION_WITHDRAWN, AboutDecision
from consents.models import Decision, StandingRule
from consents.withdrawals.actions import open_case_if_reported
from disclosures.content.publications import newest_document, newest_numbered
from disclosures.ledger.item_sets import ensure_item_sets
from disclosures.ledger.shared_records import together_since
from disclosures.public.titles import Names
from privacycenter.canonical import sha256_of
from privacycenter.errors import AlreadyAnswered, InvalidValue, NoLongerOpen, TextChanged
from privacycenter.identifiers import uuid7
from privacycenter.models import RowKind, User
from privacycenter.outbox.leaving import leave, leave_all
from privacycenter.proof.growing import grown

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
    by = User.objects.lock_as_seen(by)
    page = request_page(by, request_id)
    if page is None:
        raise NoLongerOpen("There is no such request.")
    refuse_unanswerable(page, allowed, text_sha256)
    days = page.valid_days if valid_days is None else valid_days
    if not 1 <= days <= page.valid_days:
        raise InvalidValue(f"Must be from 1 to {page.valid_days} days.", "valid_days")
    decision = add_answer(page, allowed, days, by, None)
    note_acted(person=by, kind=RowKind.DECISION, row=decision.pk)
    return decision


def refuse_unanswerable(page: RequestPage, allowed: set[str], text_sha256: str) -> None:
    if page.decision_id:
        raise AlreadyAnswered("This request was answered already.")
    if page.state == CANCELLED:
        raise NoLongerOpen("The service no longer asks. Nothing is provided.")
    if page.state == EXPIRED:
        raise NoLongerOpen("The time to answer is over. Nothing is provided.")
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
    now = moment_after(by)
    return write_answer(
        person_id=page.request.person_id,
        request_id=page.id,
        rule_id=rule.id if rule else None,
        opening=page.opening,
        recipient=page.request.recipient,
        service=page.request.service,
        scenario=page.request.scenario,
        allowed=allowed,
        refused={item.code for item in page.items} - allowed,
        decided_at=now,
        valid_until=now + timedelta(days=days),
        publication=page.publication,
        text=page.text,
    )


def write_answer(*, allowed: set[str], refused: set[str], text: dict[str, Any], **columns: Any) -> Decision:
    """Add the row of an answer and tell the followers. ``columns``: the other columns of the decision."""
    allowed_codes, refused_codes = tuple(sorted(allowed)), tuple(sorted(refused))
    sets = ensure_item_sets(combinations=[allowed_codes, refused_codes])
    decision = Decision.objects.create(
        id=uuid7(),
        allowed_set_id=sets[allowed_codes],
        refused_set_id=sets[refused_codes],
        language=text["language"],
        text=text,
        text_sha256=sha256_of(text),
        **columns,
    )
    about = AboutDecision(person=decision.person_id, decision=decision.id)
    leave_all([(DECISION_MADE, about), *grown(RowKind.DECISION, [decision.pk])])
    if allowed:
        notice = min(ENDING_NOTICE, (decision.valid_until - decision.decided_at) / 2)
        leave(APPROVAL_ENDING, about, due_at=decision.valid_until - notice)
    return decision


@transaction.atomic
def change_answer(*, decision_id: UUID, allowed: set[str], text_sha256: str, by: User) -> Decision:
    """Allow just these items of an answer from now on, until the day on which it ends anyway.

    What it did not allow of what was asked can be allowed now; items for which another answer counts stay as they are.
    Raises NoLongerOpen (nothing of it is in force, or it was changed before), TextChanged (the person saw another text
    than the current one) or InvalidValue (nothing is allowed, nothing would change, or an item that cannot be chosen).
    """
    by = User.objects.lock_as_seen(by)
    publication, document = newest_numbered()
    page = decision_page(by, decision_id, document)
    change = change_of(page, Names(document)) if page else None
    if page is None or change is None:
        raise NoLongerOpen("This answer can no longer be changed.")
    refuse_unchangeable(change, allowed, text_sha256)
    decision = page.decision
    changed = write_answer(
        person_id=decision.person_id,
        changes_id=decision.id,
        request_id=decision.request_id,
        opening=decision.opening,
        recipient=decision.recipient,
        service=decision.service,
        scenario=decision.scenario,
        allowed=allowed,
        refused=change.codes - allowed,
        decided_at=moment_after(by),
        valid_until=decision.valid_until,
        publication=publication,
        text=change.text,
    )
    note_acted(person=by, kind=RowKind.DECISION, row=changed.pk)
    return changed


def refuse_unchangeable(change: AnswerChange, allowed: set[str], text_sha256: str) -> None:
    if text_sha256 != change.text_sha256:
        raise TextChanged("The text changed since it was shown. Nothing was changed.")
    if allowed - change.codes:
        raise InvalidValue("An item was allowed that cannot be chosen here.", "allowed")
    if not allowed:
        raise InvalidValue("To end all of it, withdraw the answer.", "allowed")
    if allowed == change.allowed:
        raise InvalidValue("Nothing would change.", "allowed")


@transaction.atomic
def undo_answer(*, decision_id: UUID, language: str, by: User) -> Decision:
    """Undo an answer: the request is open again until it expires.

    A person's own answer can be undone for ten minutes, a rule's answer until the request expires; after that raises
    NoLongerOpen. From the commit on, checks answer as they did before the undone answer.
    """
    by = User.objects.lock_as_seen(by)
    page = decision_page(by, decision_id, newest_document())
    if page is None or not page.can_be_undone:
        raise NoLongerOpen("This answer can no longer be undone.")
    text = {"language": language, "undoes": str(page.decision.id), "of_text_sha256": page.decision.text_sha256}
    undoing = add_ending(page.decision, refused=(), text=text, by=by, undoes_id=page.decision.id)
    note_acted(person=by, kind=RowKind.DECISION, row=undoing.pk)
    # For a service this equals a withdrawal: what it was told is allowed no longer is.
    tell_of_ending(undoing)
    return undoing


@transaction.atomic
def withdraw_decision(*, decision_id: UUID, language: str, by: User) -> Decision:
    """End what a decision allowed. From the commit on, every check says no.

    Ends as well what the answers that it changed had allowed, so that the recipient is told of all of it, and what a
    later answer allowed of the same items. Raises NoLongerOpen if the decision allowed nothing, was changed, or all
    that it allowed was withdrawn before. A decision past its validity, or one that another answer replaced, can still
    be withdrawn: its record says so. If something was reported as provided, a withdrawal case opens.
    """
    by = User.objects.lock_as_seen(by)
    page = decision_page(by, decision_id, newest_document())
    if page is None or not page.can_be_withdrawn:
        raise NoLongerOpen("This decision cannot be withdrawn: it allowed nothing, or was withdrawn before.")
    decision = page.decision
    text = {"language": language, "withdraws": str(decision.id), "of_text_sha256": decision.text_sha256}
    codes = tuple(sorted(page.standing.ever_allowed))
    withdrawal = add_ending(decision, refused=codes, text=text, by=by, withdraws_id=decision.id)
    note_acted(person=by, kind=RowKind.DECISION, row=withdrawal.pk)
    open_case_if_reported(withdrawal=withdrawal)
    tell_of_ending(withdrawal)
    return withdrawal


def add_ending(
    decision: Decision, *, refused: tuple[str, ...], text: dict[str, str], by: User, **names: UUID
) -> Decision:
    """Add the row that ends this decision. ``names``: ``withdraws_id`` or ``undoes_id``."""
    sets = ensure_item_sets(combinations=[(), refused])
    now = moment_after(by)
    publication, _document = newest_numbered()
    return Decision.objects.create(
        person=by if by.pk == decision.person_id else decision.person,
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
        publication=publication,
        language=text["language"],
        text=text,
        text_sha256=sha256_of(text),
        **names,
    )


def tell_of_ending(ending: Decision) -> None:
    about = AboutDecision(person=ending.person_id, decision=ending.id)
    leave_all([(DECISION_WITHDRAWN, about), *grown(RowKind.DECISION, [ending.pk])])


def moment_after(person: User) -> datetime:
    """Return now, or the moment after the person's newest decision if another machine's clock was ahead.

    It is also after the moment since which the person's accounts are one.
    """
    newest = person.decisions.newest_first().values_list("decided_at", flat=True).first()
    known = [moment for moment in (newest, together_since(person)) if moment]
    return max([timezone.now(), *(moment + timedelta(microseconds=1) for moment in known)])
