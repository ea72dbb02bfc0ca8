"""What people do, from the first page to the last, on a phone, with and without JavaScript."""

import pytest
from playwright.sync_api import expect

from consents.checking.checks import permission_check
from disclosures.reporters.actions import create_reporter
from tests.support.api import QUESTION
from tests.support.asking import ask
from tests.support.browser import assert_accessible, log_in
from tests.support.people import make_user

pytestmark = pytest.mark.browser


def test_journey_a_visitor_reads_where_data_goes(page, browser):
    page.goto("/")
    ways = page.locator(".answers a")
    first, second = ways.nth(0).bounding_box(), ways.nth(1).bounding_box()
    assert first and second and (first["width"], first["height"]) == (second["width"], second["height"])
    assert first["y"] == second["y"] and first["y"] + first["height"] <= 600
    ways.first.click()
    assert page.url.endswith("/where-provided/")
    definition = page.locator("#personal-information-definition")
    expect(definition.get_by_text("顔写真")).not_to_be_visible()
    definition.locator("summary").click()
    expect(definition.get_by_text("顔写真")).to_be_visible()
    page.locator("#scenarios .leads a").first.click()
    assert page.url.endswith("#online-booking")
    expect(page.locator("#online-booking").get_by_text("メールアドレス")).to_be_visible()
    assert_accessible(page, browser)

    page.locator("footer a[hreflang=en]").click()
    assert page.url.endswith("/en/where-provided/")
    assert page.locator("html").get_attribute("lang") == "en"
    page.locator("details.entry", has=page.locator("#online-booking")).locator("summary").click()
    page.locator("#online-booking .path a", has_text="Jalan").click()
    expect(page.locator("h1")).to_have_count(1)
    assert_accessible(page, browser)


def test_journey_a_person_answers_a_request_and_withdraws(page, browser):
    hanako = make_user("hanako")
    reporter, _secret = create_reporter(code="travel", title="じゃらんnet予約システム", services=["jalan"])
    ask(hanako, reporter)
    page.goto("/my/")
    assert_accessible(page, browser)
    log_in(page, "hanako")
    page.locator(".asks a.button").click()

    boxes = page.locator("#items input")
    boxes.first.wait_for()
    assert [boxes.nth(index).is_checked() for index in range(boxes.count())] == [False, False, False]
    allow, refuse = page.locator("button[value=allow]"), page.locator("button[value=refuse]")
    assert_equals(allow, refuse)
    assert_accessible(page, browser)
    page.locator("input[value=name]").check()
    page.locator("input[value=usage]").check()
    page.locator("fieldset.lengths input").first.check()
    allow.click()
    assert "/my/decisions/" in page.url
    assert items_allowed(hanako, reporter) == {"name": True, "survey-answers": False, "usage": True}
    assert_accessible(page, browser)

    page.locator("main form[action$='/withdrawals/'] button").click()
    assert set(items_allowed(hanako, reporter).values()) == {False}
    page.goto("/my/decisions/")
    expect(page.locator("main .rows > li")).to_have_count(2)
    assert_accessible(page, browser)


def assert_equals(one, other) -> None:
    """Two answers that weigh the same: element, look and row."""
    look = """element => [element.tagName, ...['fontSize', 'fontWeight', 'color', 'backgroundColor', 'borderColor',
        'borderWidth'].map(name => getComputedStyle(element)[name])]"""
    assert one.evaluate(look) == other.evaluate(look)
    first, second = one.bounding_box(), other.bounding_box()
    assert (first["y"], first["width"], first["height"]) == pytest.approx(
        (second["y"], second["width"], second["height"]), abs=1
    )


def items_allowed(person, reporter) -> dict[str, bool]:
    return permission_check(**{**QUESTION, "subject": person.subject}, by=reporter).items
