"""Practice that differs from the newest publication: recorded, flagged, named to the reporter and to the officer."""

from datetime import timedelta

import pytest
from django.utils import timezone

from disclosures.ledger.recording import record_disclosures
from disclosures.models import Case, DataItem, Flag, Ground, Recipient, Scenario, Service
from disclosures.publishing.actions import publish_content
from tests.support.content import a_new_recipient, publish_as_it_is
from tests.support.events import an_event
from tests.support.html import read

pytestmark = pytest.mark.django_db

MODELS = {"recipient": Recipient, "scenario": Scenario, "service": Service, "items": DataItem}
POINTS = {
    "service": "hotpepper-gourmet", "scenario": "point-programme", "items": ("name", "email"),
    "ground": Ground.APPROVAL,
}  # fmt: skip


def told(reporter, **more):
    [result] = record_disclosures(events=[an_event(**more)], by=reporter)
    assert result.status == "created"
    return result


def retire(name, code, at):
    MODELS[name].objects.filter(code=code).update(retired_at=at)


def test_recipient_that_is_not_published_yet_is_flagged(reporter):
    a_new_recipient()
    result = told(reporter, recipient="new-inn")
    assert result.flags == Flag.RECIPIENT_UNDECLARED
    [warning] = result.warnings
    assert (warning["type"], warning["field"]) == (
        "urn:privacycenter:problem:recipient-undeclared", "data.recipient",
    )  # fmt: skip


def test_recipient_is_no_longer_flagged_once_it_is_published(reporter):
    a_new_recipient()
    publish_as_it_is()
    assert told(reporter, recipient="new-inn").flags == Flag(0)


@pytest.mark.parametrize(("code", "expected"), [("ntt-docomo", False), ("midori-point", True)])
def test_recipient_of_a_scenario_that_names_its_recipients_is_one_of_them(reporter, code, expected):
    assert (Flag.RECIPIENT_UNDECLARED in told(reporter, recipient=code, **POINTS).flags) is expected


def test_scenario_that_is_not_published_yet_is_flagged(reporter):
    old = Scenario.objects.get(code="online-booking")
    Scenario.objects.create(code="new-scene", title="新しい提供", ground=old.ground, section=old.section, position=99)
    result = told(reporter, scenario="new-scene")
    assert result.flags == Flag.SCENARIO_UNDECLARED
    assert [warning["field"] for warning in result.warnings] == ["data.scenario"]


def test_items_count_as_they_are_published_not_as_they_are_edited(reporter):
    scenario = Scenario.objects.get(code="online-booking")
    scenario.scenario_items.filter(item__code="phone").delete()
    assert told(reporter, event_id="before").flags == Flag(0)
    publish_content(by=None)
    result = told(reporter, event_id="after", items=("phone", "name"))
    assert result.flags == Flag.ITEMS_UNDECLARED
    assert result.warnings[0]["field"] == "data.items[0]"


def test_ground_counts_as_it_is_published(reporter):
    result = told(reporter, ground=Ground.CONTRACT)
    assert result.flags == Flag.GROUND_DIFFERS
    assert result.warnings[0]["field"] == "data.ground"


@pytest.mark.parametrize(
    ("name", "code"),
    [("recipient", "minato-inn"), ("scenario", "online-booking"), ("service", "jalan"), ("items", "name")],
)
@pytest.mark.parametrize("is_published", [False, True])
def test_what_is_retired_is_flagged_only_if_it_was_so_when_it_happened(reporter, name, code, is_published):
    now = timezone.now()
    retire(name, code, now - timedelta(days=2))
    if is_published:
        publish_as_it_is()
    assert told(reporter, event_id="late", occurred_at=now - timedelta(days=3)).flags == Flag(0)
    assert told(reporter, event_id="after", occurred_at=now - timedelta(days=1)).flags == Flag.RETIRED


def test_what_is_in_use_again_but_published_as_retired_is_undeclared(reporter):
    retire("recipient", "minato-inn", timezone.now() - timedelta(days=2))
    publish_as_it_is()
    retire("recipient", "minato-inn", None)
    assert told(reporter).flags == Flag.RECIPIENT_UNDECLARED


def test_duplicate_keeps_its_flags_and_warns_no_more(reporter):
    told(reporter, ground=Ground.CONTRACT)
    [again] = record_disclosures(events=[an_event(ground=Ground.CONTRACT)], by=reporter)
    assert (again.status, again.flags, again.warnings) == ("duplicate", Flag.GROUND_DIFFERS, ())


def test_officer_finds_what_differs_under_its_own_filter(reporter, as_officer):
    a_new_recipient()
    told(reporter, recipient="new-inn")
    page = read(as_officer.get("/admin/cases/?about=differs"))
    assert "新しい宿" in page.text
    assert Case.objects.get().flags == Flag.RECIPIENT_UNDECLARED
    assert "新しい宿" not in read(as_officer.get("/admin/cases/?about=unapproved")).text


def test_person_is_told_that_the_recipient_is_not_published(reporter, hanako, as_hanako):
    a_new_recipient()
    result = told(reporter, recipient="new-inn")
    alert = read(as_hanako.get(f"/my/disclosures/{result.disclosure_id}/")).one(cls="alert")
    assert "公開している内容と異なる" in alert.text
