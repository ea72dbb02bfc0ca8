"""Each refusal of publishing, called directly: it says why, and nothing was written."""

import pytest

from disclosures.change_sets.actions import make_set
from disclosures.models import Publication
from disclosures.publishing.actions import publish_content, republish
from disclosures.publishing.set_actions import publish_set
from tests.support.content import retitle
from tests.support.refusals import Refused, assert_refused, without_a_case
from tests.support.set_refusals import anothers_under_embargo, collided, ended_set, of_set
from tests.support.sets import change

pytestmark = pytest.mark.django_db


def by(person, *, title="予約"):
    """Of a working copy in which the title was changed."""
    retitle(title)
    return {"by": person}


def nobody_alone(has):
    has.settings.SECOND_PERSON = True


def alone(has, told):
    nobody_alone(has)
    return told


def newest():
    return Publication.objects.newest()


def earlier():
    """One that visitors no longer see."""
    first = newest()
    retitle("予約")
    publish_content(by=None)
    return first


CASES = [
    Refused(publish_set, "Nobody publishes alone", lambda has: alone(has, of_set(has))),
    Refused(publish_set, "ended already", ended_set),
    Refused(publish_set, "under embargo", lambda has: anothers_under_embargo(has, has.publisher)),
    Refused(publish_set, "changed the same text", collided),
    Refused(publish_set, "was changed meanwhile", lambda has: of_set(has, seen=newest().sha256)),
    Refused(publish_set, "visitors see already", lambda has: {**of_set(has), "change_set": make_set(name="空", by=has.editor)}),
    Refused(publish_set, "online-booking", lambda has: {**of_set(has), "change_set": change(has.editor, title="")}),
    Refused(publish_content, "Nobody publishes alone", lambda has: alone(has, by(has.editor))),
    Refused(publish_content, "visitors see already", lambda has: {"by": has.editor}),
    Refused(publish_content, "online-booking", lambda has: by(has.editor, title="")),
    Refused(publish_content, "was changed meanwhile", lambda has: {**by(has.editor), "seen": newest().sha256}),
    Refused(republish, "Nobody publishes alone", lambda has: alone(has, {"publication": earlier(), "by": has.editor})),
    Refused(republish, "visitors see already", lambda has: {"publication": newest(), "by": has.editor}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("disclosures.publishing", CASES) == []
