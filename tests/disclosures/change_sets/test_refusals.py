"""Each refusal of change sets, called directly: it says why, and nothing was written."""

import pytest

from disclosures.change_sets.actions import (
    choose_set,
    discard_set,
    lift_embargo,
    limit_set,
    make_set,
    move_entries,
    put_under_embargo,
    rename_set,
    reopen_set,
    take_cells,
)
from disclosures.change_sets.merge_actions import merge_set, reverse_set
from disclosures.change_sets.publishing_actions import propose_entries, publish_entries
from disclosures.models import Publication
from disclosures.publishing.set_actions import publish_set
from tests.support.clock import LONG_AGO
from tests.support.refusals import Refused, assert_refused, without_a_case
from tests.support.sets import BOOKING, change

pytestmark = pytest.mark.django_db

TITLE = "scenarios:online-booking:title:ja"


def of(has, **more):
    return {"change_set": change(has.editor, title="オンライン予約"), "by": has.editor, **more}


def ended(has, **more):
    found = of(has, **more)
    discard_set(change_set=found["change_set"], by=has.editor)
    return found


def published(has, **more):
    found = of(has, **more)
    publish_set(change_set=found["change_set"], by=None)
    return found


def anothers(has, **more):
    return {**of(has, **more), "by": has.writer}


def anothers_held_back(has, **more):
    found = anothers(has, **more)
    put_under_embargo(change_set=found["change_set"], by=has.editor)
    return found


def anothers_discarded(has):
    return {**ended(has), "by": has.writer}


def taken_back(has):
    found = published(has)
    publish_set(change_set=reverse_set(change_set=found["change_set"], by=has.editor), by=None)
    return found


def moved(has, arranged=of, keys=(BOOKING,)):
    return arranged(has, keys=list(keys), to=change(has.writer, "name", "data_items", title="お名前"))


def merged(has, **more):
    mine = change(has.editor, title="ネット予約(会員)")
    publish_set(change_set=change(has.writer, title="オンライン予約"), by=None)
    change(has.editor, position=77)
    number = Publication.objects.newest().number
    return {"change_set": mine, "by": has.editor, "seen": number, "choices": {TITLE: "両方"}, **more}


def with_a_choice(has):
    """Of a value that is no text."""
    mine = change(has.editor, position=77)
    publish_set(change_set=change(has.writer, position=78), by=None)
    number = Publication.objects.newest().number
    return {
        "change_set": mine,
        "by": has.editor,
        "seen": number,
        "choices": {"scenarios:online-booking:position:": "x"},
    }


def held_back_part(has):
    put_under_embargo(change_set=change(has.editor, title="オンライン予約"), by=has.editor)
    return {"keys": [BOOKING], "name": "予約", "by": has.editor}


def merge_held_back(has):
    found = merged(has)
    put_under_embargo(change_set=found["change_set"], by=has.editor)
    return {**found, "by": has.writer}


NOTHING = {"keys": [BOOKING], "name": "予約"}
CASES = [
    Refused(make_set, "a name", lambda has: {"name": " ", "by": has.editor}),
    Refused(make_set, "At most", lambda has: {"name": "長" * 121, "by": has.editor}),
    Refused(make_set, "name", lambda has: {"name": "a\u202eb", "by": has.editor}),
    Refused(choose_set, "ended already", ended),
    Refused(rename_set, "ended already", lambda has: ended(has, name="別名")),
    Refused(rename_set, "another editor's", lambda has: anothers(has, name="別名")),
    Refused(rename_set, "a name", lambda has: of(has, name="")),
    Refused(rename_set, "At most", lambda has: of(has, name="長" * 121)),
    Refused(rename_set, "name", lambda has: of(has, name="a\u202eb")),
    Refused(put_under_embargo, "ended already", ended),
    Refused(put_under_embargo, "another editor's", anothers),
    Refused(put_under_embargo, "until", lambda has: of(has, until=LONG_AGO)),
    Refused(lift_embargo, "ended already", lambda has: ended(has, reason="発表")),
    Refused(lift_embargo, "not under embargo", lambda has: of(has, reason="発表")),
    Refused(lift_embargo, "reason", lambda has: anothers_held_back(has, reason=" ")),
    Refused(limit_set, "was discarded", lambda has: ended(has, until=None)),
    Refused(limit_set, "another editor's", lambda has: anothers(has, until=None)),
    Refused(limit_set, "until", lambda has: of(has, until=LONG_AGO)),
    Refused(move_entries, "ended already", lambda has: moved(has, ended)),
    Refused(move_entries, "under embargo", lambda has: moved(has, anothers_held_back)),
    Refused(move_entries, "does not change this", lambda has: moved(has, keys=[("scenarios", "x")])),
    Refused(take_cells, "ended already", lambda has: {**ended(has, key=BOOKING, cells=[("title", "ja")])}),
    Refused(take_cells, "under embargo", lambda has: anothers_held_back(has, key=BOOKING, cells=[("title", "ja")])),
    Refused(take_cells, "does not change this", lambda has: of(has, key=BOOKING, cells=[("title", "ja")])),
    Refused(discard_set, "ended already", ended),
    Refused(discard_set, "another editor's", anothers),
    Refused(reopen_set, "not discarded", of),
    Refused(reopen_set, "another editor's", anothers_discarded),
    Refused(publish_entries, "changes nothing of this", lambda has: {**NOTHING, "by": has.editor}),
    Refused(publish_entries, "under embargo", held_back_part),
    Refused(propose_entries, "changes nothing of this", lambda has: {**NOTHING, "by": has.editor}),
    Refused(propose_entries, "under embargo", held_back_part),
    Refused(merge_set, "ended already", lambda has: ended(has, choices={}, seen=1)),
    Refused(merge_set, "under embargo", merge_held_back),
    Refused(merge_set, "published meanwhile", lambda has: merged(has, seen=1)),
    Refused(merge_set, "Choose what shall stand", lambda has: merged(has, choices={})),
    Refused(merge_set, "Choose what shall stand", with_a_choice),
    Refused(merge_set, TITLE, lambda has: merged(has, choices={TITLE: "a\u202eb"})),
    Refused(merge_set, "At most ", lambda has: merged(has, choices={TITLE: "長" * 201})),
    Refused(reverse_set, "Only a published", of),
    Refused(reverse_set, "taken back already", taken_back),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("disclosures.change_sets", CASES) == []
