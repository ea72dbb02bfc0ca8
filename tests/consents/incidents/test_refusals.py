"""Each refusal of an action on incidents: it says why, and nothing was written."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from consents.incidents.actions import (
    LONGEST_NOTE,
    LONGEST_WORDS,
    attach_list,
    open_incident,
    take_back_step,
    take_incident_step,
    tell_people,
    write_text,
)
from consents.incidents.hold_actions import hold_recipient, release_recipient
from consents.incidents.texts import LONGEST
from disclosures.affected.actions import ask_for_list
from disclosures.models import IncidentStepKind
from tests.support.incidents import INN, JA, TEXT, WHY
from tests.support.people import make_user
from tests.support.refusals import Refused, assert_refused, without_a_case

pytestmark = pytest.mark.django_db

Kind = IncidentStepKind
DONE = {"ja": "終わりました。"}
NO_REPORT = "報告の対象外"


def opening(has, **more):
    return {"title": "漏えい", "noticed_at": timezone.now() - timedelta(hours=1), "by": has.officer, **more}


def opened(has, *, is_closed=False):
    incident = open_incident(**opening(has))
    if is_closed:
        take_incident_step(incident=incident, kind=Kind.CLOSED, words=DONE, note=NO_REPORT, by=has.officer)
    return {"incident": incident, "by": has.officer}


def a_list(has, *, is_made=True):
    assert has.disclosure
    return ask_for_list(filters=INN, reason=WHY, by=has.officer, is_made_now=is_made)


def attaching(has, *, twice=False, is_closed=False):
    about = {**opened(has, is_closed=is_closed), "affected": a_list(has)}
    if twice:
        attach_list(**about)
    return about


def step(has, kind, words=None, *, is_closed=False, **more):
    return {**opened(has, is_closed=is_closed), "kind": kind, "words": words, **more}


def text(has, *, is_closed=False, **parts):
    return {**opened(has, is_closed=is_closed), "words": {"ja": {**JA, **parts}}}


def telling(has, *, has_text=True, is_made=True, is_closed=False):
    about = opened(has)
    attach_list(**about, affected=a_list(has, is_made=is_made))
    if has_text:
        write_text(**about, words=TEXT)
    if is_closed:
        take_incident_step(**about, kind=Kind.CLOSED, words=DONE, note=NO_REPORT)
    return about


def telling_twice(has):
    about = telling(has)
    tell_people(**about)
    return about


def taking_back(has, *, which="own", is_closed=False, reason="間違い"):
    about = opened(has)
    measure = take_incident_step(**about, kind=Kind.MEASURE, words=DONE)
    match which:
        case "another's":
            measure = take_incident_step(**opened(has), kind=Kind.MEASURE, words=DONE)
        case "twice":
            take_back_step(**about, step=measure.pk, reason="間違い")
        case "text":
            measure = write_text(**about, words=TEXT)
        case "told":
            measure = attach_list(**about, affected=a_list(has))
            write_text(**about, words=TEXT)
            tell_people(**about)
    if is_closed:
        take_incident_step(**about, kind=Kind.CLOSED, words=DONE, note=NO_REPORT)
    return {**about, "step": measure.pk, "reason": reason}


def holding(has, *, is_closed=False, recipient="minato-inn", **reason):
    return {**opened(has, is_closed=is_closed), "recipient": recipient, "reason": reason or {"ja": "確認しています。"}}


def releasing(has, *, note="済み", is_held=True, second_person=False, by=None):
    about = holding(has)
    if is_held:
        hold_recipient(**about)
    has.settings.SECOND_PERSON = second_person
    return {"incident": about["incident"], "recipient": "minato-inn", "note": note, "by": by or has.officer}


CASES = [
    Refused(open_incident, "A title", lambda has: opening(has, title="  ")),
    Refused(open_incident, "in the future", lambda has: opening(has, noticed_at=datetime(1, 1, 1, tzinfo=UTC))),
    Refused(open_incident, "in the future", lambda has: opening(has, noticed_at=timezone.now() + timedelta(hours=1))),
    Refused(attach_list, "has this list already", lambda has: attaching(has, twice=True)),
    Refused(attach_list, "is closed", lambda has: attaching(has, is_closed=True)),
    Refused(write_text, "The law wants", lambda has: text(has, harm=" ")),
    Refused(write_text, "harm_ja", lambda has: text(has, harm="\u200b")),
    Refused(write_text, "At most ", lambda has: text(has, title="長" * (LONGEST["title"] + 1))),
    Refused(write_text, "first language", lambda has: {**opened(has), "words": {"en": JA}}),
    Refused(write_text, "is closed", lambda has: text(has, is_closed=True)),
    Refused(take_incident_step, "not entered by hand", lambda has: step(has, Kind.NOTIFIED)),
    Refused(take_incident_step, "in Japanese what was done", lambda has: step(has, Kind.MEASURE, {"en": "Done."})),
    Refused(take_incident_step, "Not every report was made", lambda has: step(has, Kind.CLOSED, DONE)),
    Refused(take_incident_step, "The note says nothing", lambda has: step(has, Kind.NOTE)),
    Refused(take_incident_step, "note", lambda has: step(has, Kind.NOTE, note="x" * (LONGEST_NOTE + 1))),
    Refused(take_incident_step, "words", lambda has: step(has, Kind.MEASURE, {"ja": "長" * (LONGEST_WORDS + 1)})),
    Refused(take_incident_step, "words", lambda has: step(has, Kind.MEASURE, {"ja": "\u200b"})),
    Refused(
        take_incident_step, "not come yet",
        lambda has: step(has, Kind.REPORTED_FIRST, happened_at=timezone.now() + timedelta(hours=1)),
    ),
    # Before it was noticed: it would stop a clock.
    Refused(
        take_incident_step, "not come yet",
        lambda has: step(has, Kind.REPORTED_FIRST, happened_at=timezone.now() - timedelta(hours=2)),
    ),
    Refused(take_incident_step, "is open", lambda has: step(has, Kind.REOPENED, DONE)),
    Refused(take_incident_step, "is closed", lambda has: step(has, Kind.MEASURE, DONE, is_closed=True)),
    Refused(take_back_step, "Say why", lambda has: taking_back(has, reason=" ")),
    Refused(take_back_step, "no such step", lambda has: taking_back(has, which="another's")),
    Refused(take_back_step, "no such step", lambda has: {**taking_back(has), "step": 0}),
    Refused(take_back_step, "no such step", lambda has: taking_back(has, which="text")),
    Refused(take_back_step, "taken back already", lambda has: taking_back(has, which="twice")),
    Refused(take_back_step, "are told already", lambda has: taking_back(has, which="told")),
    Refused(take_back_step, "is closed", lambda has: taking_back(has, is_closed=True)),
    Refused(hold_recipient, "is closed", lambda has: holding(has, is_closed=True)),
    Refused(release_recipient, "Say why", lambda has: releasing(has, note=" ")),
    Refused(release_recipient, "does not hold", lambda has: releasing(has, is_held=False)),
    Refused(release_recipient, "Another officer", lambda has: releasing(has, second_person=True)),
    Refused(
        release_recipient, "waits a day",
        lambda has: releasing(has, second_person=True, by=make_user("second", groups=("officers",))),
    ),
    Refused(tell_people, "Write the text first", lambda has: telling(has, has_text=False)),
    Refused(tell_people, "Add a list", lambda has: telling(has, is_made=False)),
    Refused(tell_people, "Everybody on the lists", telling_twice),
    Refused(tell_people, "is closed", lambda has: telling(has, is_closed=True)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("consents.incidents", CASES) == []
