"""The interface is honest: refusing and withdrawing take no more than allowing, and nothing is chosen for the person.

On a phone, with and without JavaScript; by keyboard alone; at 320 pixels; in forced colours.
"""

import pytest
from playwright.sync_api import expect

from disclosures.reporters.actions import create_reporter
from tests.support.asking import answer, ask
from tests.support.browser import assert_accessible, log_in
from tests.support.people import make_user

pytestmark = pytest.mark.browser

LOOK = """element => [element.tagName, element.className, ...['fontSize', 'fontWeight', 'fontFamily', 'color',
    'backgroundColor', 'borderColor', 'borderWidth', 'borderStyle', 'borderRadius', 'padding', 'opacity', 'boxShadow',
    'textDecorationLine', 'cursor'].map(name => getComputedStyle(element)[name])]"""


@pytest.fixture
def hanako(world):
    return make_user("hanako")


@pytest.fixture
def asked(hanako):
    reporter, _secret = create_reporter(code="travel", title="じゃらんnet予約システム", services=["jalan"])
    return ask(hanako, reporter)


@pytest.fixture
def counted(page, hanako):
    """Logged in; every step of the person is counted from here on."""

    class Counted:
        steps = 0

        def click(self, selector):
            self.steps += 1
            page.locator(selector).click()

    page.goto("/my/requests/")
    log_in(page, "hanako")
    return Counted()


def steps_to_refuse(counted, page) -> int:
    counted.click("main .rows a")
    counted.click("button[value=refuse]")
    assert "/my/decisions/" in page.url
    return counted.steps


def steps_to_allow(counted, page) -> int:
    counted.click("main .rows a")
    counted.click("input[name=allowed][value=name]")
    counted.click("input[name=valid_days][value='30']")
    counted.click("button[value=allow]")
    assert "/my/decisions/" in page.url
    return counted.steps


def test_allow_and_refuse_are_equal_and_nothing_is_preselected(page, asked, counted, browser):
    counted.click("main .rows a")
    allow, refuse = page.locator("button[value=allow]"), page.locator("button[value=refuse]")
    assert allow.evaluate(LOOK) == refuse.evaluate(LOOK)
    first, second = allow.bounding_box(), refuse.bounding_box()
    assert (first["y"], first["width"], first["height"]) == pytest.approx(
        (second["y"], second["width"], second["height"]), abs=1
    )
    expect(page.locator("main input:checked")).to_have_count(0)
    assert len({box.evaluate(LOOK)[2] for box in page.locator(".lengths label").all()}) == 1
    assert_accessible(page, browser)


def test_refusing_takes_no_more_steps_than_allowing(page, asked, counted):
    assert steps_to_refuse(counted, page) == 2


def test_withdrawing_takes_no_more_steps_than_allowing(page, asked, counted, browser):
    allowing = steps_to_allow(counted, page)
    assert allowing == 4
    assert_accessible(page, browser)
    page.goto("/my/decisions/")
    counted.steps = 0
    counted.click("main .rows a")
    counted.click("form[action$='/withdrawals/'] button")
    assert counted.steps == 2 <= allowing
    expect(page.locator("#case .steps, section:has(#case) .steps")).to_have_count(1)
    assert_accessible(page, browser)


def test_answer_is_undone_with_one_button(page, asked, counted):
    steps_to_allow(counted, page)
    page.locator("form[action$='/undoings/'] button").click()
    assert page.url.endswith(f"/my/requests/{asked.id}/")
    expect(page.locator("main input:checked")).to_have_count(0)


def test_request_is_answered_by_keyboard_alone(page, asked, counted, hanako):
    page.goto(f"/my/requests/{asked.id}/")
    pressed = 0
    while page.evaluate("document.activeElement.value") != "refuse":
        page.keyboard.press("Tab")
        pressed += 1
        assert pressed < 80
        assert page.evaluate("document.activeElement.matches(':focus-visible')")
    page.keyboard.press("Enter")
    page.wait_for_url("**/my/decisions/*/")
    assert hanako.decisions.get().allowed_set.codes == []


def test_answers_can_be_told_apart_in_forced_colours(page, asked, counted):
    page.emulate_media(forced_colors="active")
    page.goto(f"/my/requests/{asked.id}/")
    allow, refuse = page.locator("button[value=allow]"), page.locator("button[value=refuse]")
    assert allow.evaluate(LOOK) == refuse.evaluate(LOOK)
    assert allow.evaluate("element => getComputedStyle(element).borderStyle") == "solid"
    box = page.locator("input[name=allowed]").first
    label = box.locator("xpath=..")
    before = label.evaluate("element => getComputedStyle(element).outlineStyle")
    box.check()
    assert label.evaluate("element => getComputedStyle(element).outlineStyle") != before


def test_rules_receipts_and_history_are_accessible(page, asked, counted, hanako, browser):
    decision = answer(hanako, asked, "name")
    for path in ("/my/rules/", "/my/rules/preview/?about=abroad:&setting=refuse", "/my/decisions/",
                 f"/my/decisions/{decision.id}/receipt/"):  # fmt: skip
        page.goto(path)
        assert_accessible(page, browser)


def test_rule_is_previewed_saved_and_ended(page, asked, counted, hanako):
    page.goto("/my/rules/")
    page.locator("select[name=about]").select_option("abroad:")
    page.locator("input[name=setting][value=refuse]").check()
    page.locator("main form.form button").click()
    expect(page.locator("main .rows li")).to_have_count(1)
    page.locator("form[action$='/versions/'] button").click()
    expect(page.locator("main .rules li")).to_have_count(1)
    page.locator("main .rules button").click()
    expect(page.locator("main .rules li")).to_have_count(0)
