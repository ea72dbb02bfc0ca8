"""Representatives are entered and ended by several at once: once each, and nobody answers after the end."""

import pytest

from consents.asking.decision_actions import answer_request
from consents.asking.requests import request_page
from consents.models import ActedFor, Decision, HeldRepresentation, Representation, RepresentationEnding
from consents.representatives.actions import appoint_representative, end_by_officer, end_by_person, resign
from privacycenter.errors import NoLongerOpen
from tests.support.asking import ask
from tests.support.database import at_once
from tests.support.representatives import WHY, appointed, seen_by, wanted

pytestmark = pytest.mark.concurrency


@pytest.fixture
def hanako(world, hanako):
    return hanako


def appointment(person, representative, officer):
    return lambda: appoint_representative(
        person=person, representative=representative, wanted=wanted(), reason=WHY, by=officer
    )


def test_entered_twice_or_for_each_other_at_once_is_entered_once(hanako, taro, officer):
    both = appointment(hanako, taro, officer), appointment(taro, hanako, officer)
    results = at_once(*both, *both)
    assert sorted(type(one).__name__ for one in results) == ["AccountStep", *["InvalidValue"] * 3]
    assert (Representation.objects.count(), HeldRepresentation.objects.count()) == (1, 1)


def test_ended_by_all_at_once_is_ended_once(hanako, taro, officer):
    row = appointed(hanako, taro, officer)
    results = at_once(
        lambda: end_by_person(representation=row.id, by=hanako),
        lambda: resign(representation=row.id, by=taro),
        lambda: end_by_officer(person=hanako, representation=row.id, reason=WHY, by=officer),
    )
    assert sum(isinstance(one, NoLongerOpen) for one in results) == 2
    assert RepresentationEnding.objects.count() == 1


def test_answer_while_it_ends_is_whole_or_not_there(hanako, taro, officer, reporter):
    row, request = appointed(hanako, taro, officer), ask(hanako, reporter)
    seen, text = seen_by(taro, row), request_page(hanako, request.id).text_sha256
    answered, ended = at_once(
        lambda: answer_request(request_id=request.id, allowed={"name"}, text_sha256=text, by=seen),
        lambda: end_by_person(representation=row.id, by=hanako),
    )
    assert isinstance(ended, RepresentationEnding)
    assert Decision.objects.count() == ActedFor.objects.count() == int(isinstance(answered, Decision))
    assert isinstance(answered, (Decision, NoLongerOpen))
