"""Answering and withdrawing. Every step is a new decision; nothing is changed."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from consents.models import Decision
from consents.queries.decisions import decision_page
from consents.queries.requests import CANCELLED, EXPIRED, OPEN, RequestPage, request_page
from disclosures.actions.item_sets import ensure_item_sets
from disclosures.queries.publications import newest_publication
from privacycenter.canonical import sha256_of
from privacycenter.errors import AlreadyAnswered, InvalidValue, NoLongerOpen, TextChanged
from privacycenter.identifiers import uuid7
from privacycenter.models import User
from privacycenter.outbox import leave


@transaction.atomic
def answer_request(*, request_id: UUID, allowed: set[str], text_sha256: str, by: User) -> Decision:
    """Allow these items of the request and refuse the others; an empty set refuses all.

    Raises AlreadyAnswered, NoLongerOpen, TextChanged (the person saw other words than today's) or InvalidValue (an
    item that was not asked for). The caller has fetched the request from the person: ``by`` is the person.
    """
    User.objects.lock(by.pk)
    page = request_page(by, request_id)
    if page is None:
        raise NoLongerOpen("There is no such request.")
    refuse_unanswerable(page, allowed, text_sha256)
    asked = {item.code for item in page.items}
    now = moment_after(by)
    allowed_codes, refused_codes = tuple(sorted(allowed)), tuple(sorted(asked - allowed))
    sets = ensure_item_sets(combinations=[allowed_codes, refused_codes])
    decision = Decision.objects.create(
        person=by,
        id=uuid7(),
        request_id=page.id,
        recipient=page.recipient,
        service=page.service,
        scenario=page.scenario,
        allowed_set=sets[allowed_codes],
        refused_set=sets[refused_codes],
        decided_at=now,
        valid_until=now + timedelta(days=page.valid_days),
        publication=page.publication,
        language=page.text["language"],
        text=page.text,
        text_sha256=page.text_sha256,
    )
    leave("decision.made", {"person": by.pk, "decision": str(decision.id)})
    return decision


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
def withdraw_decision(*, decision_id: UUID, language: str, by: User) -> Decision:
    """End what a decision allowed, at once: from the commit on every check says no.

    Raises NoLongerOpen when it was withdrawn before or allowed nothing. A decision past its validity can still be
    withdrawn: the record then says so.
    """
    User.objects.lock(by.pk)
    page = decision_page(by, decision_id)
    if page is None or not page.can_be_withdrawn:
        raise NoLongerOpen("This decision cannot be withdrawn: it allowed nothing, or was withdrawn before.")
    decision = page.decision
    sets = ensure_item_sets(combinations=[(), tuple(decision.allowed_set.codes)])
    now = moment_after(by)
    published = newest_publication()
    text = {"language": language, "withdraws": str(decision.id), "of_text_sha256": decision.text_sha256}
    withdrawal = Decision.objects.create(
        person=by,
        id=uuid7(),
        request_id=decision.request_id,
        withdraws_id=decision.id,
        recipient=decision.recipient,
        service=decision.service,
        scenario=decision.scenario,
        allowed_set=sets[()],
        refused_set=sets[tuple(decision.allowed_set.codes)],
        decided_at=now,
        valid_until=now,
        publication=published.number if published else 0,
        language=language,
        text=text,
        text_sha256=sha256_of(text),
    )
    leave("decision.withdrawn", {"person": by.pk, "decision": str(withdrawal.id)})
    return withdrawal


def moment_after(person: User) -> datetime:
    """Now, or just after the person's newest decision if another machine's clock was ahead: later means later."""
    newest = person.decisions.newest_first().values_list("decided_at", flat=True).first()
    now = timezone.now()
    return max(now, newest + timedelta(microseconds=1)) if newest else now
