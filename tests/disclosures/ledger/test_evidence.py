"""What reports cite for their ground: kept as it was cited, hashed, and missed where the publication asks for it."""

import hashlib
from copy import deepcopy
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from disclosures.content.publications import newest_document
from disclosures.ledger.events import CONFLICT, CREATED, DUPLICATE
from disclosures.models import (
    Case,
    CaseEvent,
    CaseKind,
    CitedEvidence,
    Correction,
    Disclosure,
    EvidenceKind,
    Flag,
    Ground,
)
from disclosures.publishing.actions import append_publication, lock_publishing
from disclosures.reporters.actions import create_reporter
from privacycenter.canonical import sha256_of
from tests.support.api import QUESTION, cloud_correction, cloud_event
from tests.support.asking import ask
from tests.support.clock import INSTANT, clock_at
from tests.support.database import as_if_long_applied, tamper
from tests.support.events import a_correction, a_survey_event, an_event, record
from tests.support.staging import publish_scenario

pytestmark = pytest.mark.django_db

ABROAD = "northwind-analytics"
ACT = CitedEvidence(EvidenceKind.ACT, "R-000123")
ORDER = CitedEvidence(EvidenceKind.ORDER, "order:2026:77")


def stored(*results) -> list[Disclosure]:
    return [Disclosure.objects.get(id=result.disclosure_id) for result in results]


def flags_of(reporter, *events) -> list[int]:
    return [row.flags for row in stored(*record(reporter, *events))]


# --- What is kept ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("evidence", [None, ACT, ORDER, ACT._replace(shown_publication=7)])
def test_evidence_is_stored_as_it_was_cited(reporter, evidence):
    [row] = stored(*record(reporter, an_event(evidence=evidence)))
    row.refresh_from_db()
    assert row.evidence == evidence
    assert (row.evidence_kind is None, row.evidence_reference is None) == (evidence is None,) * 2
    call_command("verify_ledger")


def test_event_without_evidence_has_the_fingerprint_of_before_there_was_any(reporter):
    [row] = stored(*record(reporter, an_event()))
    of_before = (
        b'{"decision":"","ground":"person_act","items":["name","phone"],"recipient":"minato-inn",'
        b'"scenario":"online-booking","service":"jalan","subject":"subject-hanako"}'
    )
    assert bytes(row.fingerprint) == hashlib.sha256(of_before).digest()


def test_other_evidence_under_the_same_id_is_a_conflict(reporter):
    cited = an_event(evidence=ACT)
    others = [None, ORDER, ACT._replace(reference="R-000124"), ACT._replace(shown_publication=1)]
    assert [result.status for result in record(reporter, cited, cited)] == [CREATED, DUPLICATE]
    results = record(reporter, *(an_event(evidence=other) for other in others))
    assert [result.status for result in results] == [CONFLICT] * 4
    assert stored(*results)[0].evidence == ACT
    call_command("verify_ledger")


def test_correction_says_what_the_right_ground_rests_on(reporter, disclosure):
    record(reporter, a_correction(disclosure, facts={"evidence": ACT}))
    assert Correction.objects.get().evidence == ACT
    assert [result.status for result in record(reporter, a_correction(disclosure, facts={"evidence": ORDER}))] == [
        CONFLICT
    ]
    call_command("verify_ledger")


# --- What a reference may be -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reference",
    [
        "R-000123", "2026-04", "v2.1_b:7", "a" * 64, "1234567890", "20261123", "R090-1234-5678",
        "policy:2026.04.v2", "privacy-policy.jp", "terms.v3.jp", "terms.2026.jp", "R.1.en", "jalan.net:R-1", "com", "v1.co",
        "a.b.c", "order.2026.77",
    ],
)  # fmt: skip
def test_opaque_reference_is_taken(api, reference):
    [result] = api.report(cloud_event(evidence={"kind": "act", "reference": reference})).json()["results"]
    assert result["status"] == "created"
    assert Disclosure.objects.get().evidence_reference == reference


@pytest.mark.parametrize(
    "reference",
    [
        "", "a" * 65, "taro@example.com", "山田太郎", "R 1", "R/1", "R1\n", "+81312345678", "09012345678",
        "090-1234-5678", "03.1234.5678", "0312345678", "81-90-1234-5678", "819012345678", "1-415-555-2671", 123, None,
        "tel:090-1234-5678", "TEL09012345678", "phone.03-1234-5678", "010819012345678",
        "taro.example.com", "taro-example.com", "Taro.Example.COM", "mailto:taro.example.net", "example.org", "taro_example.co.jp",
        "taro.docomo.ne.jp", "taro.example.jp", "yamada:taro.example.info",
    ],
)  # fmt: skip
def test_reference_that_might_be_a_value_is_refused_with_its_field(api, reference):
    [result] = api.report(cloud_event(evidence={"kind": "act", "reference": reference})).json()["results"]
    assert (result["status"], result["problem"]["field"]) == ("invalid", "data.evidence.reference")
    assert str(reference) not in result["problem"]["detail"] or not reference
    assert not Disclosure.objects.exists()


@pytest.mark.parametrize(
    ("evidence", "field"),
    [
        ({"kind": "decision", "reference": "R1"}, "kind"),
        ({"reference": "R1"}, "kind"),
        ({"kind": "act"}, "reference"),
        ({"kind": "act", "reference": "R1", "shown_publication": 0}, "shown_publication"),
        ({"kind": "act", "reference": "R1", "shown_publication": 2**31}, "shown_publication"),
        ({"kind": "act", "reference": "R1", "shown_publication": "7"}, "shown_publication"),
        ({"kind": "act", "reference": "R1", "shown_publication": True}, "shown_publication"),
        ({"kind": "act", "reference": "R1", "note": "call taro"}, "note"),
    ],
)
def test_evidence_in_another_shape_is_refused_with_its_field(api, disclosure, evidence, field):
    good = {"kind": "act", "reference": "R1"}
    corrected = {**cloud_event()["data"], "time": "2026-11-01T10:00:00+09:00", "evidence": evidence}
    results = api.report(
        cloud_event("bad", evidence=evidence),
        cloud_correction(disclosure.id, "bad", corrected=corrected),
        cloud_event("good", evidence=good),
    ).json()["results"]
    assert [result["status"] for result in results] == ["invalid", "invalid", "created"]
    assert [result["problem"]["field"] for result in results[:2]] == [
        f"data.evidence.{field}",
        f"data.corrected.evidence.{field}",
    ]


def test_evidence_that_is_no_object_is_refused(api):
    results = api.report(*(cloud_event(str(n), evidence=wrong) for n, wrong in enumerate(["R1", 1, [], True])))
    assert {(result["status"], result["problem"]["field"]) for result in results.json()["results"]} == {
        ("invalid", "data.evidence")
    }


# --- What is missed --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("needed", "cited", "is_missed"),
    [
        (None, None, False), ("act", ACT, False), ("act", None, True), ("act", ORDER, True),
        ("policy", CitedEvidence(EvidenceKind.POLICY, "v1"), False), ("policy", ACT, True),
        ("order", ORDER, False), ("contract", CitedEvidence(EvidenceKind.CONTRACT, "c:1"), False),
        ("decision", None, False),
    ],
)  # fmt: skip
def test_evidence_is_missed_where_it_is_published_as_needed(reporter, needed, cited, is_missed):
    if needed:
        publish_scenario("online-booking", evidence=needed)
    [result] = record(reporter, an_event(evidence=cited))
    assert [row.flags for row in stored(result)] == [Flag.NO_EVIDENCE if is_missed else 0]
    told = [(warning["type"].rpartition(":")[2], warning["field"]) for warning in result.warnings]
    assert told == ([("no-evidence", "data.evidence")] if is_missed else [])
    call_command("verify_ledger")


@pytest.mark.parametrize(
    ("route", "recipient", "shown", "is_missed"),
    [
        ("consent", "northwind-analytics", None, True), ("consent", "northwind-analytics", "newest", False),
        ("consent", "northwind-analytics", "later", True), ("consent", "minato-inn", None, False),
        ("equal_country", "northwind-analytics", None, False),
        ("equivalent_system", "northwind-analytics", None, False),
        ("", "northwind-analytics", None, True), ("", "northwind-analytics", "newest", False),
        ("", "minato-inn", None, False),
    ],
)  # fmt: skip
def test_text_shown_is_missed_where_the_route_abroad_is_or_may_be_consent(reporter, route, recipient, shown, is_missed):
    newest = publish_scenario("online-booking", route_abroad=route)
    number = {None: None, "newest": newest, "later": newest + 1}[shown]
    shown = ACT._replace(shown_publication=number)
    event = an_event(recipient=recipient, evidence=shown, occurred_at=timezone.now())
    assert flags_of(reporter, event) == [Flag.ABROAD_NOT_INFORMED if is_missed else 0]
    call_command("verify_ledger")


@pytest.mark.parametrize("said", [{"route": "exception"}, {"ground": "legal"}])
@pytest.mark.parametrize("route_abroad", ["", "consent"])
def test_unknown_basis_abroad_asks_for_nothing_where_the_law_makes_an_exception(reporter, said, route_abroad):
    publish_scenario("online-booking", route_abroad=route_abroad, **said)
    ground = Ground.LEGAL if "ground" in said else Ground.PERSON_ACT
    is_missed = bool(route_abroad)
    assert flags_of(reporter, an_event(recipient=ABROAD, ground=ground)) == [
        Flag.ABROAD_NOT_INFORMED if is_missed else 0
    ]
    call_command("verify_ledger")


def test_row_of_before_was_asked_for_nothing_where_no_basis_was_stated_and_one_of_now_is(reporter):
    publish_scenario("online-booking", route_abroad="")
    record(reporter, an_event(recipient=ABROAD))
    tamper("UPDATE disclosures_disclosure SET flags = 0")
    call_command("verify_ledger")
    as_if_long_applied("0017_unknown_basis")
    with pytest.raises(CommandError):
        call_command("verify_ledger")


def without_recipient(document):
    del document["recipients"][ABROAD]


def with_retired_recipient(document):
    document["recipients"][ABROAD]["retired"] = True


def without_text(document):
    country = document["countries"][document["recipients"][ABROAD]["country"]]
    country.update(system={"source": {}, "html": {}}, system_unknown={"source": {}, "html": {}})


def in_another_country(document):
    country = document["recipients"][ABROAD]["country"]
    document["countries"]["XA"] = document["countries"][country]
    document["recipients"][ABROAD]["country"] = "XA"


@pytest.fixture
def cites(reporter):
    """Publish today's state changed so, then today's, and cite the former: the row."""

    def cite(change):
        today = newest_document()
        before = deepcopy(today)
        change(before)
        shown = append_publication(before, sha256_of(before), lock_publishing(), None, "").number
        append_publication(today, sha256_of(today), lock_publishing(), None, "")
        publish_scenario("online-booking", route_abroad="consent")
        cited = ACT._replace(shown_publication=shown)
        event = an_event(recipient=ABROAD, evidence=cited, occurred_at=timezone.now())
        return stored(*record(reporter, event))[0]

    return cite


@pytest.mark.parametrize(
    ("change", "is_missed"),
    [
        (without_recipient, True), (with_retired_recipient, True), (without_text, True), (in_another_country, True),
        (lambda document: None, False),
    ],
)  # fmt: skip
def test_text_shown_is_that_of_the_recipient_and_its_country(cites, change, is_missed):
    assert cites(change).flags == (Flag.ABROAD_NOT_INFORMED if is_missed else 0)
    call_command("verify_ledger")


PUBLISHED_AT = datetime(2026, 11, 20, 3, 0, 0, 500_000, UTC)


@pytest.mark.parametrize(
    ("occurred_at", "is_missed"),
    [
        (PUBLISHED_AT - timedelta(days=20), True), (PUBLISHED_AT - INSTANT, True), (PUBLISHED_AT, False),
        (PUBLISHED_AT.replace(microsecond=0), False), (PUBLISHED_AT.replace(microsecond=0) - INSTANT, True),
        (PUBLISHED_AT.replace(microsecond=0) - timedelta(seconds=1), True),
    ],
)  # fmt: skip
@pytest.mark.parametrize("is_newest", [True, False])
def test_publication_of_after_the_disclosure_was_not_shown(reporter, is_newest, occurred_at, is_missed):
    with clock_at(PUBLISHED_AT):
        number = publish_scenario("online-booking", route_abroad="consent")
    if not is_newest:
        publish_scenario("online-booking", evidence="act")
    event = an_event(recipient=ABROAD, evidence=ACT._replace(shown_publication=number), occurred_at=occurred_at)
    [result] = record(reporter, event)
    [row] = stored(result)
    assert row.flags == (Flag.ABROAD_NOT_INFORMED if is_missed else 0)
    assert row.shown_publication == number
    assert [warning["field"] for warning in result.warnings] == ["data.evidence.shown_publication"] * is_missed
    as_if_long_applied("0015_same_second")
    call_command("verify_ledger")


def test_row_of_before_may_cite_a_publication_of_later_and_one_of_now_may_not(reporter):
    number = publish_scenario("online-booking", route_abroad="consent")
    record(reporter, an_event(recipient=ABROAD, evidence=ACT._replace(shown_publication=number)))
    tamper("UPDATE disclosures_disclosure SET flags = 0")
    as_if_long_applied("0013_cited_text")
    call_command("verify_ledger")
    as_if_long_applied("0015_same_second")
    with pytest.raises(CommandError):
        call_command("verify_ledger")


@pytest.mark.parametrize("change", [without_recipient, lambda document: None])
def test_row_of_before_may_cite_any_number_that_was_there_and_one_of_now_may_not(cites, change):
    row = cites(change)
    tamper("UPDATE disclosures_disclosure SET flags = %s", int(row.flags) ^ Flag.ABROAD_NOT_INFORMED.value)
    if row.flags:
        call_command("verify_ledger")
    as_if_long_applied("0013_cited_text")
    as_if_long_applied("0015_same_second")
    with pytest.raises(CommandError):
        call_command("verify_ledger")


def test_where_an_approval_is_needed_the_decision_is_enough(hanako, reporter):
    publish_scenario("survey-results", evidence="decision", route_abroad="consent")
    [row] = stored(*record(reporter, a_survey_event()))
    assert row.flags == Flag.NO_DECISION


def test_right_facts_of_a_correction_are_judged_too(reporter, disclosure):
    publish_scenario("online-booking", evidence="act")
    for number, evidence in enumerate([None, ACT]):
        record(reporter, a_correction(disclosure, f"correction-{number}", facts={"evidence": evidence}))
    rows = Correction.objects.order_by("event_id")
    assert [row.flags for row in rows] == [Flag.NO_EVIDENCE, 0]
    assert [case.kind for case in Case.objects.all()] == [CaseKind.UNEVIDENCED]
    call_command("verify_ledger")


def test_later_publication_judges_nothing_anew(reporter):
    record(reporter, an_event())
    publish_scenario("online-booking", evidence="act")
    call_command("verify_ledger")
    assert [result.status for result in record(reporter, an_event())] == [DUPLICATE]
    assert not Disclosure.objects.get().flags


# --- Cases and notices -----------------------------------------------------------------------------------------------


def test_reports_without_evidence_open_one_case_per_reporter_scenario_and_day(reporter):
    publish_scenario("online-booking", evidence="act")
    publish_scenario("results-report", evidence="policy")
    other, _secret = create_reporter(code="other", title="Other", services=["jalan"])
    report = an_event("report", scenario="results-report", items=("name",), ground=Ground.POLICY)
    now = timezone.now().replace(hour=3)
    with clock_at(now):
        *first, _report = record(reporter, *(an_event(f"first-{n}") for n in range(3)), report)
        record(reporter, an_event("again"))
        record(other, an_event("other"))
    with clock_at(now + timedelta(days=1)):
        record(reporter, an_event("tomorrow"))
    cases = list(Case.objects.order_by("pk"))
    assert {(case.kind, case.flags) for case in cases} == {(CaseKind.UNEVIDENCED, Flag.NO_EVIDENCE)}
    assert len(cases) == 4
    case = CaseEvent.objects.get(disclosure_id=first[0].disclosure_id).case
    events = {event.disclosure_id for event in case.events.all()}
    assert {result.disclosure_id for result in first} < events and len(events) == 4
    call_command("verify_ledger")


def test_what_also_has_a_warning_has_a_case_of_its_own(reporter):
    publish_scenario("online-booking", evidence="act")
    record(reporter, an_event("plain"), an_event("warned", ground=Ground.LEGAL))
    assert sorted(Case.objects.values_list("kind", "flags")) == [
        (CaseKind.FLAGGED, Flag.GROUND_DIFFERS | Flag.NO_EVIDENCE),
        (CaseKind.UNEVIDENCED, Flag.NO_EVIDENCE),
    ]


def test_evidence_costs_no_statement(reporter):
    record(reporter, an_event("warm"), an_event("warm-2", evidence=ACT))
    with CaptureQueriesContext(connection) as plain:
        record(reporter, *(an_event(f"plain-{n}") for n in range(20)))
    with CaptureQueriesContext(connection) as cited:
        record(reporter, *(an_event(f"cited-{n}", evidence=ACT._replace(reference=f"R{n}")) for n in range(20)))
    publish_scenario("online-booking", evidence="policy", route_abroad="consent")
    record(reporter, an_event("missed"))
    with CaptureQueriesContext(connection) as missed:
        record(reporter, *(an_event(f"missed-{n}", recipient="northwind-analytics") for n in range(20)))
    # Three more for the cases: which is open, a new one because data goes abroad, and its events.
    assert (len(cited), len(missed)) == (len(plain), len(plain) + 3)


# --- Checks ----------------------------------------------------------------------------------------------------------


def test_publications_cited_cost_one_statement_and_none_where_nobody_is_abroad(reporter):
    for _number in range(3):
        publish_scenario("online-booking", route_abroad="consent")

    def statements(recipient, numbers):
        events = [
            an_event(
                f"{recipient}-{numbers}-{n}",
                recipient=recipient,
                evidence=ACT._replace(shown_publication=n),
                occurred_at=timezone.now(),
            )
            for n in numbers
        ]
        with CaptureQueriesContext(connection) as queries:
            assert flags_of_results(record(reporter, *events)) == {0}
        return len(queries)

    for recipient in ("minato-inn", ABROAD):
        statements(recipient, [4])
    plain = statements("minato-inn", [1, 2, 3, 4])
    assert (statements(ABROAD, [4]), statements(ABROAD, [1]), statements(ABROAD, [1, 2, 3, 4])) == (
        plain, plain + 1, plain + 1,
    )  # fmt: skip


def flags_of_results(results) -> set[int]:
    return {int(result.flags) for result in results}


def test_check_says_what_a_report_has_to_cite(api, hanako, reporter):
    question = {"subject": "subject-hanako", "service": "jalan", "scenario": "online-booking", "items": ["name"]}
    home, abroad = {**question, "recipient": "minato-inn"}, {**question, "recipient": "northwind-analytics"}
    assert "requires" not in api.post("/permission-checks", home).json()
    publish_scenario("online-booking", evidence="act", route_abroad="consent")
    assert api.post("/permission-checks", home).json()["requires"] == ["evidence"]
    both = api.post("/permission-checks/batch", {"checks": [home, abroad]}).json()["results"]
    assert [result["requires"] for result in both] == [["evidence"], ["evidence", "shown_publication"]]
    publish_scenario("survey-results", evidence="decision", route_abroad="consent")
    ask(hanako, reporter)
    assert "requires" not in api.post("/permission-checks", QUESTION).json()


def test_catalogue_says_which_publication_people_are_shown(api):
    assert api.get("/catalogue").json()["publication"] == 1
    assert publish_scenario("online-booking", evidence="act") == api.get("/catalogue").json()["publication"] == 2
