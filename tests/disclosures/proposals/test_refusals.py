"""Each refusal of proposals, called directly: it says why, and nothing was written."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consents.incidents.actions import open_incident
from consents.incidents.hold_actions import hold_recipient
from disclosures.models import Proposal, Publication
from disclosures.proposals.actions import (
    approve_proposal,
    propose_publication,
    propose_republication,
    reject_proposal,
    withdraw_proposal,
)
from disclosures.publishing.actions import publish_content
from tests.support.content import retitle
from tests.support.refusals import Refused, assert_refused, without_a_case
from tests.support.set_refusals import anothers_under_embargo, collided, ended_set, of_set

pytestmark = pytest.mark.django_db


def by(person, *, title="予約"):
    """Of a working copy in which the title was changed."""
    retitle(title)
    return {"by": person}


def nobody_alone(has):
    has.settings.SECOND_PERSON = True


def newest():
    return Publication.objects.newest()


def proposal(by, *, publish_at=None):
    retitle("予約")
    return propose_publication(by=by, publish_at=publish_at)


def ended(has):
    made = proposal(has.writer)
    withdraw_proposal(proposal=made, by=has.writer)
    return {"proposal": made, "by": has.publisher}


def approved(has):
    made = proposal(has.writer, publish_at=timezone.now() + timedelta(days=1))
    approve_proposal(proposal=made, by=has.publisher)
    return {"proposal": made, "by": has.publisher}


def outdated(has):
    made = proposal(has.writer)
    retitle("オンライン予約")
    publish_content(by=None)
    return {"proposal": made, "by": has.publisher}


def ending_a_hold(has):
    """As it could be proposed before retired recipients were looked at."""
    incident = open_incident(title="漏えい", noticed_at=timezone.now(), by=has.publisher)
    first = newest()
    hold_recipient(incident=incident, recipient="minato-inn", reason={"ja": "確認中"}, by=has.publisher)
    made = Proposal.objects.create(
        document=first.document, sha256=first.sha256, base_number=newest().number, proposed_at=timezone.now(),
        proposed_by=has.writer,
    )  # fmt: skip
    return {"proposal": made, "by": has.publisher}


def own(has):
    nobody_alone(has)
    return {"proposal": proposal(has.editor), "by": has.editor}


def approver_of_nobody(has):
    nobody_alone(has)
    return {"proposal": proposal(has.writer), "by": has.hanako}


CASES = [
    Refused(propose_publication, "ended already", ended_set),
    Refused(propose_publication, "under embargo", lambda has: anothers_under_embargo(has, has.writer)),
    Refused(propose_publication, "changed the same text", collided),
    Refused(propose_publication, "or what is published, was changed", lambda has: of_set(has, seen=newest().sha256)),
    Refused(propose_publication, "visitors see already", lambda has: {"by": has.writer}),
    Refused(propose_publication, "online-booking", lambda has: by(has.writer, title="")),
    Refused(propose_publication, "publish_at", lambda has: {**by(has.writer), "publish_at": timezone.now()}),
    Refused(propose_publication, "was changed meanwhile", lambda has: {**by(has.writer), "seen": newest().sha256}),
    Refused(propose_republication, "visitors see already", lambda has: {"publication": newest(), "by": has.writer}),
    Refused(approve_proposal, "ended already", ended),
    Refused(approve_proposal, "was approved already", approved),
    Refused(approve_proposal, "can no longer be published", outdated),
    Refused(approve_proposal, "can no longer be published", ending_a_hold),
    Refused(approve_proposal, "Another person", own),
    Refused(approve_proposal, "waits a day", approver_of_nobody),
    Refused(reject_proposal, "ended already", lambda has: {**ended(has), "note": "理由"}),
    Refused(reject_proposal, "note", lambda has: {"proposal": proposal(has.writer), "by": has.publisher, "note": " "}),
    Refused(withdraw_proposal, "ended already", ended),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("disclosures.proposals", CASES) == []
