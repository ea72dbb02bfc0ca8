"""What keeps content from being published, and what is only remarked: each named with the field it stands in."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django.utils.translation import override

from disclosures.content.working_copy import MODELS, working_document
from disclosures.guard_rails.findings import OF_OPERATOR, Places, errors, findings
from disclosures.models import (
    Country,
    DataItem,
    Exclusion,
    Link,
    Note,
    Page,
    Publication,
    Question,
    Recipient,
    Scenario,
    ScenarioItem,
    Section,
    Service,
    Site,
)
from disclosures.publishing.actions import publish_content
from privacycenter.errors import NotPublishable
from tests.support.clock import FAR_AHEAD, LONG_AGO

pytestmark = pytest.mark.django_db


# What the starter says is not known, or a guess: remarked until an editor says it.
LEFT_OPEN = {
    *(("scenarios", field) for field in ("route", "service_list", "evidence")),
    *(("recipients", field) for field in ("address", "representative", "basis_abroad")),
    *(("site", field) for field in OF_OPERATOR),
}


def found_in_working_copy() -> list:
    return [one for one in findings(working_document()) if (one.kind, one.field) not in LEFT_OPEN]


def named() -> list[tuple]:
    """What is found in the working copy: kind, code, field, language."""
    return [(one.kind, one.code, one.field, one.language) for one in found_in_working_copy()]


def write(body="", code="online-booking", **more):
    Scenario.objects.filter(code=code).update(**({"body": body} if body else {}), **more)


def test_content_that_is_shipped_has_nothing_wrong():
    assert named() == []


def test_what_the_starter_does_not_know_is_remarked():
    found = {(one.code, one.field) for one in findings(working_document()) if not one.is_error}
    assert {(code, "route") for code in Scenario.objects.values_list("code", flat=True)} <= found
    assert ("online-booking", "service_list") in found


def test_evidence_that_is_not_said_is_remarked():
    Scenario.objects.filter(code="job-application").update(evidence="act")
    found = {(one.code, one.field) for one in findings(working_document()) if not one.is_error}
    assert ("online-booking", "evidence") in found and ("job-application", "evidence") not in found


@pytest.mark.parametrize("text", ["\u200b", "\u3164\u2060", "予約の\u202eため", "予約の\u2067ため"])
def test_text_that_nobody_can_read_keeps_from_publishing(text):
    write(text)
    Recipient.objects.filter(code="minato-inn").update(i18n={"title_en": text})
    found = {(one.code, one.field, one.language) for one in errors(working_document())}
    assert found == {("online-booking", "body", "ja"), ("minato-inn", "title", "en")}
    with pytest.raises(NotPublishable):
        publish_content(by=None)


# --- What an entry needs ---------------------------------------------------------------------------------------------


def test_scenario_without_items_is_named():
    ScenarioItem.objects.filter(scenario__code="job-application").delete()
    assert ("scenarios", "job-application", "items", "") in named()


def test_scenario_whose_items_are_all_retired_is_named():
    codes = working_document()["scenarios"]["online-booking"]["items"]
    DataItem.objects.filter(code__in=codes).update(retired_at=timezone.now())
    assert ("scenarios", "online-booking", "items", "") in named()


def test_scenario_that_is_retired_needs_nothing():
    ScenarioItem.objects.filter(scenario__code="card-fraud").delete()
    assert "card-fraud" in [code for _kind, code, *_rest in named()]
    write(code="card-fraud", retired_at=timezone.now())
    assert "card-fraud" not in [code for _kind, code, *_rest in named()]


def test_scenario_without_a_ground_is_named():
    document = working_document()
    document["scenarios"]["online-booking"]["ground"] = ""
    assert [(one.code, one.field) for one in errors(document)] == [("online-booking", "ground")]


def test_date_in_the_future_is_named():
    Site.objects.update(as_of=timezone.localdate() + timedelta(days=1))
    assert named() == [("site", "site", "as_of", "")]
    Site.objects.update(as_of=timezone.localdate())
    assert named() == []


def test_check_of_a_recipient_in_the_future_is_named():
    abroad = Recipient.objects.filter(code="northwind-analytics")
    abroad.update(basis_checked_on=timezone.localdate() + timedelta(days=1))
    assert named() == [("recipients", "northwind-analytics", "basis_checked_on", "")]
    abroad.update(basis_checked_on=timezone.localdate())
    assert named() == []


def test_recipient_in_a_country_with_an_equal_system_needs_no_measures():
    abroad = Recipient.objects.filter(code="thistledown-cottages")
    abroad.update(measures="", measures_unknown="", i18n={}, basis_abroad="equal_country")
    assert named() == []
    abroad.update(basis_abroad="consent")
    assert named() == [("recipients", "thistledown-cottages", "measures", "")]


def test_recipient_abroad_needs_its_measures_or_why_they_are_not_known():
    abroad = Recipient.objects.filter(code="northwind-analytics")
    abroad.update(measures="", measures_unknown="", i18n={})
    assert named() == [("recipients", "northwind-analytics", "measures", "")]
    abroad.update(measures_unknown="照会中です。")
    assert ("recipients", "northwind-analytics", "measures", "") not in named()


def test_country_of_a_recipient_abroad_needs_its_system_or_why_it_is_not_known():
    code = Recipient.objects.get(code="northwind-analytics").country.code
    Country.objects.filter(code=code).update(system="", system_unknown="", i18n={})
    assert ("countries", code, "system", "") in named()


def test_recipient_at_home_needs_no_measures():
    Recipient.objects.filter(code="minato-inn").update(measures="", measures_unknown="")
    assert named() == []


def test_what_no_scenario_names_is_remarked_and_keeps_nothing_back():
    DataItem.objects.create(code="seat", title="座席", position=99, i18n={"title_en": "Seat"})
    Service.objects.create(
        code="new", title="新サービス", field="ほか", position=99, i18n={"title_en": "New", "field_en": "x"}
    )
    assert [(one.code, one.is_error) for one in found_in_working_copy()] == [("seat", False), ("new", False)]
    assert publish_content(by=None).number == 2


def test_section_without_anything_in_it_is_remarked():
    page = Page.objects.create(code="children", title="お子さま", position=99)
    Section.objects.create(page=page, code="empty", title="空")
    assert [(one.code, one.is_error) for one in found_in_working_copy()] == [("empty", False)]


@pytest.mark.parametrize("code", ["recipients", "en", "my", "healthz"])
def test_page_whose_address_is_taken_is_named(code):
    Page.objects.create(code=code, title="題", position=99)
    (found,) = errors(working_document())
    assert (found.kind, found.code, found.field) == ("pages", code, "code")
    assert found.address.endswith(f"/edit/pages/{code}/?field=code") and f"/{code}/" in found.message


# --- Texts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "construct"),
    [
        ("# 見出し", "見出し"), ("題\n===", "見出し"), ("![絵](https://example.com/x.png)", "画像"), ("`x`", "コード"), ("    x", "コード"),
        ("```\nx\n```", "コード"), ("一\n\n---\n\n二", "区切り線"), ("<b>太字</b>", "HTML"), ("<div>\nx\n</div>", "HTML"),
        ("~~消す~~", "取り消し線"),
    ],
)  # fmt: skip
def test_construct_that_is_not_available_is_named(written, construct):
    write(written)
    (found,) = found_in_working_copy()
    assert (found.code, found.field, found.language, found.is_error) == ("online-booking", "body", "ja", True)
    assert construct in found.message


@pytest.mark.parametrize("written", ["**太字**と*強調*", "- 一\n- 二", "1. 一", "| 表 | 列 |\n|---|---|\n| 一 | 二 |", "> 引用", "a < b & c", "<https://example.com/>"])  # fmt: skip
def test_construct_that_is_available_is_not_named(written):
    write(written)
    assert named() == []


def test_note_of_a_scenario_is_looked_at_and_leads_to_the_notes():
    note = Note.objects.filter(scenario__code="review-author").first()
    Note.objects.filter(pk=note.pk).update(body="# 見出し")
    (found,) = found_in_working_copy()
    assert found.note and found.address == "/admin/edit/scenarios/review-author/?field=notes"


def test_text_that_is_only_translated_is_named():
    write(i18n={"title_en": "Booking", "body_en": "Text"}, body="")
    Scenario.objects.filter(code="online-booking").update(body="")
    assert ("scenarios", "online-booking", "body", "ja") in named()


# --- Links -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "/no-such-page/", "/where-provided/#no-such-scene", "/recipients/nobody/", "/services/nothing/", "#no-such-scene",
        "/faq/#no-such-question", "/glossary/#no-such-term", "/en/no-such-page/", "/api/v1/nothing",
    ],
)  # fmt: skip
def test_link_to_nothing_is_named(address):
    write(f"[ここ]({address})")
    assert named() == [("scenarios", "online-booking", "body", "ja")]


@pytest.mark.parametrize(
    "address",
    [
        "/", "/where-provided/", "/where-provided/#card-fraud", "#card-fraud", "/recipients/abroad/", "/contact/",
        "/recipients/northwind-analytics/", "/services/jalan/", "/faq/", "/my/", "/where-provided/?item=email",
        "/en/where-provided/#card-fraud", "https://example.com/nothing", "mailto:privacy@example.jp",
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["ja", "en"])
def test_link_to_something_is_not_named_whatever_language_the_editor_reads(address, language):
    write(f"[ここ]({address})")
    with override(language):
        assert named() == []


def test_link_of_a_translation_is_looked_at():
    write(i18n={"title_en": "Booking", "body_en": "[here](/nothing/)"})
    assert ("scenarios", "online-booking", "body", "en") in named()


@pytest.mark.parametrize("address", ["https://[", "https://a:x/"])
def test_address_that_cannot_be_read_leads_nowhere(address):
    """It may have been stored before such addresses were refused."""
    assert not Places(working_document()).has(address, "")


def test_link_to_what_was_retired_is_named():
    write("[サービス](/services/zexy/)")
    Service.objects.filter(code="zexy").update(retired_at=timezone.now())
    assert ("scenarios", "online-booking", "body", "ja") in named()


def test_entry_of_the_list_of_links_is_looked_at():
    Link.objects.create(code="nowhere", title="どこにもない", address="/nowhere/")
    assert ("links", "nowhere", "address", "") in named()


def test_question_is_linked_where_it_stands():
    question = Question.objects.select_related("section__page").first()
    write(f"[質問](/faq/#{question.code})と[同じもの](/{question.section.page.code}/#{question.code})")
    assert named() == []


# --- Publishing ------------------------------------------------------------------------------------------------------


def test_content_with_an_error_is_not_published_and_nothing_is_lost():
    write("[ここ](/nothing/)")
    with pytest.raises(NotPublishable) as refusal:
        publish_content(by=None)
    assert "scenarios online-booking body" in refusal.value.detail
    assert Publication.objects.count() == 1
    assert Scenario.objects.get(code="online-booking").body == "[ここ](/nothing/)"


def test_command_names_every_error():
    write("[ここ](/nothing/)")
    ScenarioItem.objects.filter(scenario__code="job-application").delete()
    with pytest.raises(CommandError) as refusal:
        call_command("publish_content")
    assert "online-booking body" in str(refusal.value) and "job-application items" in str(refusal.value)


# --- What binds ------------------------------------------------------------------------------------------------------

BINDING = {
    "items opened under an approval": ("scenarios", "survey-results", {"item_list": "open"}, "item_list", True),
    "complete and empty": (
        "scenarios", "point-programme", {"service_list": "complete"}, "services", False,
    ),
    "hold without a beginning": (
        "recipients", "minato-inn", {"on_hold_reason": "確認中"}, "on_hold_from", True,
    ),
    "hold without a reason": ("recipients", "minato-inn", {"on_hold_from": LONG_AGO}, "on_hold_reason", True),
    "hold that ends before it begins": (
        "recipients", "norannabi-salon", {"on_hold_from": FAR_AHEAD, "on_hold_until": FAR_AHEAD}, "on_hold_until", True,
    ),
    "hold that is over": (
        "recipients", "norannabi-salon", {"on_hold_from": LONG_AGO, "on_hold_until": LONG_AGO + timedelta(days=1)},
        "on_hold_until", False,
    ),
    "undecided country": (
        "recipients", "driftwood-research", {"on_hold_from": None, "on_hold_reason": "", "i18n": {}}, "on_hold_from", False,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "code", "changes", "field", "is_error"), BINDING.values(), ids=BINDING)
def test_what_cannot_bind_is_named(kind, code, changes, field, is_error):
    MODELS[kind]._default_manager.filter(code=code).update(**changes)
    found = [(one.code, one.field, one.is_error) for one in found_in_working_copy() if one.code == code]
    assert (code, field, is_error) in found
    assert bool(errors(working_document())) is is_error


def test_exclusion_needs_its_reason():
    Exclusion.objects.update(reason="", i18n={})
    [found] = errors(working_document())
    assert (found.code, found.field, str(found.field_label)) == ("review-author", "exclusions", "提供しない項目")
    assert found.address.endswith("/edit/scenarios/review-author/?field=exclusions")


def test_what_nobody_has_stated_is_named_and_stops_nothing():
    Recipient.objects.filter(code="northwind-analytics").update(representative="Ann Lee, CEO", basis_abroad="")
    unstated = {
        (one.kind, one.code, one.field) for one in findings(working_document()) if "記載がありません" in one.message
    }
    of_site = {field for kind, _code, field in unstated if kind == "site"}
    assert of_site == {
        "operator_address", "operator_representative", "purposes", "complaint_contact", "fees", "security_measures",
    }  # fmt: skip
    assert {("recipients", "indeed-japan", field) for field in ("address", "representative")} <= unstated
    assert ("recipients", "northwind-analytics", "basis_abroad") in unstated
    assert ("recipients", "northwind-analytics", "representative") not in unstated
    assert not any(one.field in ("representative", "fees") for one in errors(working_document()))


@pytest.mark.parametrize(("days_ago", "is_due"), [(None, True), (367, True), (300, False)])
def test_equivalent_system_is_checked_once_a_year(days_ago, is_due):
    day = timezone.localdate() - timedelta(days=days_ago) if days_ago else None
    Recipient.objects.filter(code="northwind-analytics").update(basis_abroad="equivalent_system", basis_checked_on=day)
    found = {(one.code, one.field) for one in findings(working_document())}
    assert (("northwind-analytics", "basis_checked_on") in found) == is_due


@pytest.mark.parametrize(
    ("route", "fields"),
    [
        ("joint_use", {"route_parties", "route_purpose", "route_responsible"}),
        ("opt_out", {"route_purpose", "route_stopping", "route_responsible"}),
        ("succession", {"route_parties", "route_purpose"}),
        ("consent", set()),
    ],
)
def test_what_the_law_wants_said_of_a_route_is_named_where_it_is_missing(route, fields):
    write(route=route)
    assert {one.field for one in missing_of_the_route()} == fields
    write(**dict.fromkeys(fields, "決まっている"))
    assert missing_of_the_route() == []


def missing_of_the_route() -> list:
    found = findings(working_document())
    return [one for one in found if one.code == "online-booking" and one.field.startswith("route_")]
