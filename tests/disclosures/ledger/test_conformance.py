"""Practice that differs from the newest publication: recorded, flagged, named to the reporter and to the officer."""

from copy import deepcopy
from datetime import timedelta

import pytest
from django.utils import timezone

from disclosures.content.publications import newest_document
from disclosures.ledger.code_lookup import Codes
from disclosures.ledger.conformance import Published, ScenarioTerms
from disclosures.ledger.evidence import Informed
from disclosures.ledger.recording import record_disclosures
from disclosures.models import Case, CitedEvidence, DataItem, EvidenceKind, Flag, Ground, Recipient, Scenario, Service
from disclosures.publishing.actions import publish_content
from tests.support.content import a_new_recipient, publish_as_it_is
from tests.support.events import an_event
from tests.support.html import read
from tests.support.staging import publish_scenario

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


def test_recipients_of_a_scenario_that_says_which_kinds_it_has_are_examples(reporter):
    publish_scenario("point-programme", recipient_kinds={"ja": "ポイントの提携先"})
    assert Flag.RECIPIENT_UNDECLARED not in told(reporter, recipient="midori-point", **POINTS).flags


def compared(reporter, document, **more):
    """The rows behind a booking, and what is published of them."""
    event = an_event(**more)
    return Codes(reporter, [event]).resolve(event), Published(document)


def test_each_combination_of_codes_is_compared_once(reporter):
    rows, published = compared(reporter, newest_document())
    assert published.terms(rows) is published.terms(rows)
    found = published.departures(rows, Ground.CONTRACT, timezone.now(), None)
    assert [departure.name for departure in found] == ["ground"]
    assert published.departures(rows, Ground.CONTRACT, timezone.now(), None) is found
    assert published.departures(rows, Ground.PERSON_ACT, timezone.now(), None) == ()


def test_every_difference_names_its_fact_and_the_value(reporter):
    document, now = deepcopy(newest_document()), timezone.now()
    document["scenarios"]["survey-results"].update(
        ground="contract", evidence="act", route_abroad="consent", service_list="complete", services=[], items=["usage"],
        exclusions=[{"service": "jalan", "item": "name"}, {"service": "zexy", "item": "usage"}],
    )  # fmt: skip
    document["recipients"]["northwind-analytics"].update(on_hold_from=now.isoformat())
    retire("scenario", "survey-results", now)
    survey = {"recipient": "northwind-analytics", "scenario": "survey-results", "items": ("usage", "name", "email")}
    rows, published = compared(reporter, document, **survey)
    always = [
        ("service-undeclared", "service", "jalan"), ("item-excluded", "items", "name"), ("item-undeclared", "items", "email"),
        ("item-undeclared", "items", "name"), ("ground-differs", "ground", "legal"),
    ]  # fmt: skip
    late = [("retired-code", "scenario", "survey-results"), ("recipient-on-hold", "recipient", "northwind-analytics")]

    def found(at, evidence):
        departures = published.departures(rows, Ground.LEGAL, at, evidence)
        return [(one.kind.problem, one.name, one.code) for one in departures]

    shown = ("abroad-not-informed", "evidence.shown_publication")
    assert found(now, None) == [*always, *late, ("no-evidence", "evidence", "act"), (*shown, "")]
    cited = CitedEvidence(EvidenceKind.ACT, "R-000123", 1)
    assert found(now, cited) == [*always, *late, (*shown, "1")]
    published.informed = {1: Informed(now, frozenset({("northwind-analytics", "US")}))}
    assert found(now, cited) == [*always, *late]
    assert found(now - timedelta(seconds=1), cited) == [*always, (*shown, "1")]


def test_while_nothing_is_published_nothing_is_declared(reporter):
    rows, published = compared(reporter, None)
    assert published.terms(rows) == ScenarioTerms(Ground.PERSON_ACT, False, False)
    found = published.departures(rows, Ground.CONTRACT, timezone.now(), None)
    assert [(departure.name, departure.code) for departure in found] == [
        ("scenario", "online-booking"), ("recipient", "minato-inn"),
    ]  # fmt: skip


def test_document_from_before_there_were_lists_and_exclusions_binds_as_it_did(reporter):
    document = deepcopy(newest_document())
    for name in ("service_list", "item_list", "exclusions"):
        document["scenarios"]["online-booking"].pop(name, None)
    document["scenarios"]["online-booking"]["services"] = []
    rows, published = compared(reporter, document, items=("name", "survey-answers"))
    terms = published.terms(rows)
    assert (terms.is_service_declared, terms.excluded_items, terms.undeclared_items) == (True, (), ("survey-answers",))
    assert [(one.name, one.code) for one in terms.not_named] == [("service", "jalan")]


def test_what_differs_is_told_in_full_with_its_place_in_the_report(reporter):
    publish_scenario("online-booking", item_list="open", services=[], exclusions=[])
    result = told(reporter, items=("name", "survey-answers"), ground=Ground.CONTRACT)
    problem = "urn:privacycenter:problem:"
    assert sorted(result.warnings, key=lambda warning: warning["field"]) == [
        {
            "type": problem + "ground-differs",
            "title": "The ground is not the one that is published for this scenario.",
            "detail": "“contract”: recorded, and flagged “ground_differs”.",
            "field": "data.ground",
        },
        {
            "type": problem + "item-not-named",
            "title": "The item is not named on the page.",
            "detail": "“survey-answers”: the published list gives examples.",
            "field": "data.items[1]",
        },
        {
            "type": problem + "service-not-named",
            "title": "The service is not named on the page.",
            "detail": "“jalan”: the published list gives examples.",
            "field": "data.service",
        },
    ]


@pytest.mark.parametrize(
    ("kind", "flags"), [(None, Flag.NO_EVIDENCE), (EvidenceKind.ORDER, Flag.NO_EVIDENCE), (EvidenceKind.ACT, Flag(0))]
)
def test_evidence_is_judged_as_it_is_cited(reporter, kind, flags):
    publish_scenario("online-booking", evidence="act")
    assert told(reporter, evidence=kind and CitedEvidence(kind, "R-000123")).flags == flags


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
    late = told(reporter, event_id="late", occurred_at=now - timedelta(days=3))
    after = told(reporter, event_id="after", occurred_at=now - timedelta(days=1))
    assert (late.flags, late.warnings) == (Flag(0), ())
    assert (after.flags, len(after.warnings)) == (Flag.RETIRED, 1)
    assert after.warnings[0]["type"].endswith(":retired-code")
    assert after.warnings[0]["field"] == ("data.items[0]" if name == "items" else f"data.{name}")


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
