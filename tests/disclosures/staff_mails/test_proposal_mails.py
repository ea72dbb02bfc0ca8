"""Mails to editors and publishers about proposals: what waits, what others did with one's own, what ended by itself."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from disclosures.proposals.actions import (
    approve_proposal,
    propose_publication,
    publish_due_proposal,
    reject_proposal,
    withdraw_proposal,
)
from disclosures.publishing.actions import publish_content
from disclosures.staff_mails.actions import choose_staff_mails, write_to_staff
from disclosures.staff_mails.proposal_news import proposal_news
from privacycenter.models import User
from privacycenter.outbox.working import work_off
from tests.support.content import retitle

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_once(writer, publisher):
    """The writer and the publisher have addresses, and are written to at once, in English."""
    for staff in (writer, publisher):
        User.objects.filter(pk=staff.pk).update(email=f"{staff.username}@example.com")
        choose_staff_mails(frequency="at_once", language="en", by=staff)


def propose(by, **more):
    retitle()
    return propose_publication(reason="秘密の理由", by=by, **more)


def mailed() -> dict[str, str]:
    """To whom → what, since this was asked last."""
    mail.outbox.clear()
    write_to_staff()
    work_off()
    return {sent.to[0].partition("@")[0]: f"{sent.subject}\n{sent.body}" for sent in mail.outbox}


def test_proposal_is_told_to_who_approves_with_its_page(writer):
    proposal = propose(writer)
    [(who, text)] = mailed().items()
    assert who == "publisher" and f"Proposal {proposal.pk} waits for an approval." in text
    assert f"/admin/proposals/{proposal.pk}/" in text and "秘密の理由" not in text


def test_subject_reveals_nothing(writer):
    propose(writer)
    mailed()
    assert mail.outbox[0].subject == "Something is new at the desk of the privacy center"


def test_rejection_is_told_to_who_proposed(writer, publisher):
    proposal = propose(writer)
    mailed()
    reject_proposal(proposal=proposal, note="まだ早い", by=publisher)
    [(who, text)] = mailed().items()
    assert who == "writer" and "was rejected" in text and "まだ早い" not in text


def test_withdrawal_is_told_to_who_approves(writer):
    proposal = propose(writer)
    mailed()
    withdraw_proposal(proposal=proposal, by=writer)
    [(who, text)] = mailed().items()
    assert who == "publisher" and "was withdrawn" in text


def test_approval_and_publication_at_a_time_are_told(writer, publisher):
    proposal = propose(writer, publish_at=timezone.now() + timedelta(days=1))
    mailed()
    approve_proposal(proposal=proposal, by=publisher)
    [(who, text)] = mailed().items()
    assert who == "writer" and "is approved, to be published on" in text
    publish_due_proposal(proposal=proposal)
    told = mailed()
    assert set(told) == {"writer", "publisher"} and all("was published" in text for text in told.values())


def test_schedule_that_cannot_be_published_is_told_to_both(writer, publisher, editor):
    proposal = propose(writer, publish_at=timezone.now() + timedelta(days=1))
    approve_proposal(proposal=proposal, by=publisher)
    mailed()
    retitle("別の題")
    publish_content(by=editor, reason="")
    publish_due_proposal(proposal=proposal)
    told = mailed()
    assert set(told) == {"writer", "publisher"}
    assert all("could not be published: something else was published before" in text for text in told.values())


def test_own_publication_at_once_is_told_to_nobody(publisher):
    proposal = propose(publisher)
    mailed()
    approve_proposal(proposal=proposal, by=publisher)
    assert mailed() == {}


def test_news_costs_three_statements_whatever_their_number(writer, django_assert_num_queries):
    for number in range(3):
        retitle(f"題{number}")
        propose_publication(reason="", by=writer)
    since = timezone.now() - timedelta(days=1)
    with django_assert_num_queries(3):
        assert len(list(proposal_news(since, timezone.now()))) == 3
