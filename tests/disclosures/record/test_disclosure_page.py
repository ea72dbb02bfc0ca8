"""One disclosure in full: the text of its day, the answer behind it, and the way to ask."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from disclosures.ledger.recording import record_disclosures
from disclosures.models import CitedEvidence, EvidenceKind, Flag, Ground, Publication, Recipient, Scenario
from disclosures.publishing.actions import publish_content
from tests.support.asking import answer
from tests.support.cases import only_event
from tests.support.clock import clock_at
from tests.support.content import publish_as_it_is
from tests.support.database import tamper
from tests.support.events import a_correction, a_survey_event, an_event, record
from tests.support.html import filled_in, read
from tests.support.staging import publish_scenario

pytestmark = pytest.mark.django_db

EARLY = datetime(2020, 1, 1, tzinfo=UTC)


def page_of(client, person):
    return read(client.get(f"/my/disclosures/{person.disclosures.get().id}/")).one("main")


def publish_at(moment, title) -> Publication:
    Scenario.objects.filter(code="online-booking").update(title=title)
    with clock_at(moment):
        return publish_content(by=None)


def test_text_is_the_one_of_that_day(as_hanako, hanako, reporter):
    moment = timezone.now() + timedelta(days=10)
    then = publish_at(moment - timedelta(days=1), "その日の題")
    publish_at(moment + timedelta(days=1), "あとの題")
    with clock_at(moment + timedelta(minutes=1)):
        record_disclosures(events=[an_event(occurred_at=moment)], by=reporter)
    text = page_of(as_hanako, hanako).one("blockquote")
    assert text.one("h3").text == "その日の題"
    assert f"/changes/{then.number}/" in [link["href"] for link in page_of(as_hanako, hanako).all("a")]


def test_text_that_changed_since_says_so(as_hanako, hanako, disclosure):
    assert "その後変わっています" not in page_of(as_hanako, hanako).text
    publish_at(timezone.now(), "新しい題")
    main = page_of(as_hanako, hanako)
    assert "その後変わっています" in main.text
    assert main.one("blockquote").one("h3").text == "ネット予約"


def test_day_before_the_first_publication_shows_the_first_text_and_says_so(as_hanako, hanako, reporter):
    record_disclosures(events=[an_event(occurred_at=EARLY)], by=reporter)
    main = page_of(as_hanako, hanako)
    assert "その日にはまだ何も公開していませんでした" in main.text
    assert main.one("blockquote").one("h3").text == "ネット予約"


def test_scenario_that_was_not_in_the_publication_says_so(as_hanako, hanako, reporter):
    scenario = Scenario.objects.get(code="online-booking")
    later = Scenario.objects.create(code="later", title="あとの", section=scenario.section, ground=1, position=99)
    later.services.set(scenario.services.all())
    record_disclosures(events=[an_event(scenario="later", items=(), occurred_at=timezone.now())], by=reporter)
    assert hanako.disclosures.exists()
    publish_as_it_is()
    main = page_of(as_hanako, hanako)
    assert main.all("blockquote") == [] and "説明がありませんでした" in main.text


def test_disclosure_that_no_answer_allowed_says_so(as_hanako, hanako, reporter):
    record_disclosures(events=[a_survey_event()], by=reporter)
    assert "この提供を許可した回答はありません。" in page_of(as_hanako, hanako).text


def test_disclosure_that_needs_no_answer_does_not_speak_of_one(as_hanako, hanako, disclosure):
    assert "あなたの回答" not in page_of(as_hanako, hanako).text


def test_question_about_it_comes_with_its_reference(as_hanako, hanako, disclosure):
    (ask, *_others) = [link for link in page_of(as_hanako, hanako).all("a") if "/contact/requests/new/" in link["href"]]
    form = read(as_hanako.get(ask["href"])).one("main").one("form")
    assert filled_in(form)["about"] == [str(disclosure.id)]
    assert "湯宿 みなと" in form.parent.text


def test_recipient_page_names_the_decisions_about_it(as_hanako, hanako, reporter, decision):
    record_disclosures(events=[a_survey_event(items=("name", "usage"))], by=reporter)
    links = [link["href"] for link in read(as_hanako.get("/my/recipients/northwind-analytics/")).one("main").all("a")]
    assert f"/my/decisions/{decision.id}/" in links


# --- What the ground rests on ----------------------------------------------------------------------------------------


def test_act_of_the_person_is_shown_with_its_number(as_hanako, hanako, reporter):
    record(reporter, an_event(evidence=CitedEvidence(EvidenceKind.ACT, "R-000123", 1)))
    main = page_of(as_hanako, hanako)
    assert "じゃらんnetでのあなたの操作" in main.text
    assert "R-000123" in [code.text for code in main.all("code")]
    assert "/changes/1/" in [link["href"] for link in main.all("a")]


@pytest.mark.parametrize(("kind", "is_shown"), [("POLICY", True), ("CONTRACT", True), ("ORDER", False)])
def test_reference_of_an_order_is_for_officers_alone(as_hanako, as_officer, hanako, reporter, kind, is_shown):
    record(reporter, an_event(ground=Ground.LEGAL, evidence=CitedEvidence(EvidenceKind[kind], "K-77")))
    main = page_of(as_hanako, hanako)
    assert str(EvidenceKind[kind].label) in main.text
    assert ("K-77" in main.text) == is_shown
    assert "K-77" in read(as_officer.get(only_event())).text


def test_correction_of_an_order_keeps_its_reference_from_the_person(as_hanako, hanako, reporter, disclosure):
    order = CitedEvidence(EvidenceKind.ORDER, "K-77")
    record(reporter, a_correction(disclosure, facts={"ground": Ground.LEGAL, "evidence": order}))
    text = page_of(as_hanako, hanako).text
    assert str(EvidenceKind.ORDER.label) in text
    assert "K-77" not in text


def test_missing_evidence_is_a_plain_line_and_no_warning(as_hanako, hanako, reporter):
    publish_scenario("online-booking", evidence="act", route_abroad="consent")
    record(reporter, an_event(recipient="northwind-analytics"))
    main = page_of(as_hanako, hanako)
    for flag in (Flag.NO_EVIDENCE, Flag.ABROAD_NOT_INFORMED):
        assert str(flag.label) in main.text
    assert not main.all(cls="alert")
    listed = read(as_hanako.get("/my/disclosures/")).one("main")
    assert len(listed.all("ul", cls="rows")) == 1
    assert not listed.all(cls="status")
    assert not listed.all("input", name="flagged")
    assert not read(as_hanako.get("/my/disclosures/?flagged=on")).one("main").all("ul", cls="rows")
    assert not read(as_hanako.get("/my/")).one("main").all(cls="warned")


def test_what_is_a_warning_is_one_beside_the_plain_line(as_hanako, hanako, reporter):
    """The control of the test above: with a warning, each of the places has its mark."""
    publish_scenario("online-booking", evidence="act")
    record(reporter, an_event(ground=Ground.LEGAL))
    main = page_of(as_hanako, hanako)
    assert str(Flag.NO_EVIDENCE.label) not in main.one(cls="alert").text
    listed = read(as_hanako.get("/my/disclosures/")).one("main")
    assert listed.all(cls="status") and listed.all("input", name="flagged")
    assert read(as_hanako.get("/my/disclosures/?flagged=on")).one("main").all("ul", cls="rows")
    assert read(as_hanako.get("/my/")).one("main").all(cls="warned")


def test_corrected_disclosure_is_told_as_what_was_reported_first(as_hanako, hanako, reporter, disclosure):
    assert "訂正される前の報告" not in page_of(as_hanako, hanako).text
    record(reporter, a_correction(disclosure))
    assert "かんたんに言うと(訂正される前の報告)" in page_of(as_hanako, hanako).text


# --- What was published when it was recorded -------------------------------------------------------------------------

NORTHWIND = "northwind-analytics"


def facts_on(page) -> dict[str, str]:
    found: dict[str, str] = {}
    for facts in page.all("dl", cls="facts"):
        for term, said in zip(facts.all("dt"), facts.all("dd"), strict=True):
            found.setdefault(term.text, said.text)
    return found


def test_page_says_who_received_it_as_it_was_published_then(as_hanako, hanako, reporter):
    Recipient.objects.filter(code=NORTHWIND).update(
        representative="代表 風見 北", basis_abroad="equivalent_system", basis_checked_on="2026-04-01"
    )
    Scenario.objects.filter(code="online-booking").update(route="consent", route_detail="前の説明")
    publish_as_it_is()
    record(reporter, an_event(recipient=NORTHWIND))
    Recipient.objects.filter(code=NORTHWIND).update(address="移転先", representative="別の人", basis_abroad="consent")
    Scenario.objects.filter(code="online-booking").update(route="exception", route_detail="後の説明")
    publish_as_it_is()
    facts = facts_on(page_of(as_hanako, hanako))
    assert (facts["代表者"], "シアトル" in facts["所在地"]) == ("代表 風見 北", True)
    assert "基準に適合する体制" in facts["外国への提供の根拠"]
    assert "2026年4月1日" in facts["外国への提供の根拠"]
    assert "前の説明" in facts["法律上の根拠"]


def test_basis_abroad_is_the_scenarios_where_the_recipient_has_none(as_hanako, hanako, reporter):
    publish_scenario("online-booking", route_abroad="equal_country")
    record(reporter, an_event(recipient=NORTHWIND))
    assert "第28条第1項" in facts_on(page_of(as_hanako, hanako))["外国への提供の根拠"]


def test_what_was_not_published_of_a_recipient_is_not_made_up(as_hanako, hanako, reporter):
    Recipient.objects.create(code="later", title="あとの会社", country=Recipient.objects.get(code="minato-inn").country)
    record(reporter, an_event(recipient="later"))
    publish_as_it_is()
    main = page_of(as_hanako, hanako)
    assert "この提供先について何も公開していませんでした" in main.text and "代表者" not in facts_on(main)


def test_row_of_before_is_described_by_the_publication_in_force_when_it_was_recorded(as_hanako, hanako, disclosure):
    tamper("UPDATE disclosures_disclosure SET publication = NULL")
    with clock_at(timezone.now() + timedelta(days=1)):
        Recipient.objects.filter(code="minato-inn").update(address="移転先")
        publish_as_it_is()
    assert "熱海" in facts_on(page_of(as_hanako, hanako))["所在地"]


def test_text_of_the_day_keeps_its_examples_exclusions_and_route(as_hanako, hanako, reporter):
    exclusion = {"service": "suumo", "item": "phone", "reason": {"ja": "電話番号は使いません。"}}
    publish_scenario(
        "online-booking", item_list="examples", service_list="main", exclusions=[exclusion], route="joint_use",
        route_parties={"ja": "グループ各社"},
    )  # fmt: skip
    record(reporter, an_event(occurred_at=timezone.now()))
    box = page_of(as_hanako, hanako).one("blockquote")
    facts = facts_on(box)
    assert facts["情報"].endswith("など") and facts["サービス"].endswith("など")
    assert "共同利用" in facts["法律上の根拠"] and "グループ各社" in facts.values()
    assert "記載がありません。" in facts.values()
    assert "電話番号は使いません。" in box.one("ul", cls="notes").text


@pytest.mark.parametrize(("shown", "is_linked"), [(1, True), (2, False), (5000, False)])
def test_publication_that_was_not_there_is_no_link(as_hanako, hanako, reporter, shown, is_linked):
    record(reporter, an_event(evidence=CitedEvidence(EvidenceKind.ACT, "R-1", shown)))
    publish_as_it_is()
    main = page_of(as_hanako, hanako)
    said = next(
        said for term, said in zip(main.all("dt"), main.all("dd"), strict=True) if term.text == "あなたに見せた説明"
    )
    assert bool(said.all("a")) is is_linked
    assert str(shown) in said.text and "," not in said.text


@pytest.mark.parametrize("path", ["/my/decisions/{}/", "/my/decisions/{}/receipt/"])
def test_number_of_a_publication_has_no_thousands_separator(as_hanako, hanako, open_request, path):
    newest = Publication.objects.order_by("number").last()
    Publication.objects.create(number=1234, document=newest.document, sha256=newest.sha256, published_at=timezone.now())
    decision = answer(hanako, open_request, "name")
    text = read(as_hanako.get(path.format(decision.id))).text
    assert "1234" in text and "1,234" not in text
