"""The interface is honest: refusing and withdrawing take no more than allowing, and nothing is chosen for the person.

On a phone, with and without JavaScript; by keyboard alone; at 320 pixels; in forced colours.
"""

import pytest
from playwright.sync_api import expect

from disclosures.models import Country, Recipient, Reporter
from disclosures.packs.files import read_pack
from disclosures.reporters.actions import create_reporter
from tests.support.asking import answer, ask
from tests.support.browser import assert_accessible, log_in
from tests.support.content import ROOT, publish_as_it_is
from tests.support.events import a_survey_event, record
from tests.support.people import make_user

pytestmark = pytest.mark.browser

LOOK = """element => [element.tagName, element.className, ...['fontSize', 'fontWeight', 'fontFamily', 'color',
    'backgroundColor', 'borderColor', 'borderWidth', 'borderStyle', 'borderRadius', 'padding', 'opacity', 'boxShadow',
    'textDecorationLine', 'cursor'].map(name => getComputedStyle(element)[name])]"""


SCREEN = 844  # the height of the phone of these tests
POSITION = "element => getComputedStyle(element).position"


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


def test_question_stands_first_and_its_ticks_within_a_screen_and_a_half(page, hanako, asked, counted):
    here = ask(hanako, Reporter.objects.get(), recipient="minato-inn")
    page.goto(f"/my/requests/{here.id}/")
    short = page.locator(".in-short").bounding_box()
    assert short["y"] + short["height"] <= SCREEN
    assert page.locator("input[name=allowed]").first.bounding_box()["y"] <= 1.5 * SCREEN
    assert len({round(label.bounding_box()["width"]) for label in page.locator(".lengths label").all()}) == 1


@pytest.mark.parametrize(("language", "prefix"), [("ja", ""), ("en", "/en")])
def test_ticks_come_within_a_screen_and_a_half_also_below_the_longest_text_of_a_country(
    page, hanako, asked, counted, language, prefix
):
    countries = {one.code: one for one in read_pack(ROOT / "disclosures" / "starter").countries}
    longest = max(countries, key=lambda code: len(countries[code].system.get(language, "")))
    measures = Recipient.objects.get(code="lantern-strait")
    Recipient.objects.filter(code="northwind-analytics").update(
        country=Country.objects.get(code=longest), measures=measures.measures, i18n=measures.i18n
    )
    publish_as_it_is()
    page.goto(f"{prefix}/my/requests/{asked.id}/")
    assert countries[longest].system[language].split("\n")[0] in page.locator(".abroad").inner_text()
    assert page.locator("input[name=allowed]").first.bounding_box()["y"] <= 1.5 * SCREEN


def test_count_of_what_is_ticked_is_text_and_told_or_not_made_at_all(page, asked, counted, request):
    page.goto(f"/my/requests/{asked.id}/")
    told = page.locator(".answer-bar [aria-live=polite]")
    if "nojs" in request.node.name:
        expect(told).to_have_text("印をつけた情報だけを許可します。")
        return
    expect(told).to_have_text("3項目のうち0項目を選択")
    page.locator("input[name=allowed]").first.check()
    page.locator("input[name=allowed]").last.check()
    expect(told).to_have_text("3項目のうち2項目を選択")
    page.locator("input[name=allowed]").last.uncheck()
    expect(told).to_have_text("3項目のうち1項目を選択")


def test_law_about_the_country_stands_open_before_the_ticks(page, asked, counted):
    page.goto(f"/my/requests/{asked.id}/")
    abroad, tick = page.locator(".abroad"), page.locator("input[name=allowed]").first
    expect(abroad.get_by_text("その国の個人情報の保護に関する制度")).to_be_visible()
    assert abroad.bounding_box()["y"] < tick.bounding_box()["y"]


def test_answers_stay_in_reach_but_never_cover_the_text(page, asked, counted):
    page.goto(f"/my/requests/{asked.id}/")
    bar = page.locator(".answer-bar")
    box = bar.bounding_box()
    assert box["y"] + box["height"] == pytest.approx(SCREEN, abs=1)
    assert box["height"] < SCREEN / 5
    page.set_viewport_size({"width": 390, "height": 420})
    assert bar.evaluate(POSITION) == "static"
    page.set_viewport_size({"width": 390, "height": SCREEN})
    page.locator("html").evaluate("root => root.style.fontSize = '200%'")
    assert bar.evaluate(POSITION) == "static"


@pytest.mark.parametrize("name", ["allowed", "valid_days"])
def test_what_has_the_focus_is_not_under_the_answers(page, asked, counted, name):
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"/my/requests/{asked.id}/")
    for choice in page.locator(f"input[name={name}]").all():
        choice.focus()
        box, bar = choice.bounding_box(), page.locator(".answer-bar").bounding_box()
        assert box["y"] + box["height"] <= bar["y"]


def test_refusing_takes_no_more_steps_than_allowing(page, asked, counted):
    assert steps_to_refuse(counted, page) == 2


def test_withdrawing_takes_no_more_steps_than_allowing(page, asked, counted, browser):
    allowing = steps_to_allow(counted, page)
    assert allowing == 4
    record(Reporter.objects.get(), a_survey_event())
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
    page.locator("main a[href*='about=abroad']").click()
    expect(page.locator("main .rows li")).to_have_count(1)
    page.locator("form[action$='/versions/'] button").click()
    expect(page.locator("main .rules li")).to_have_count(1)
    page.locator("main .rules button").click()
    expect(page.locator("main .rules li")).to_have_count(0)
