"""The index of where data goes: short on a phone, opened by an address, beside what is open on a wide screen."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WHERE = "/where-provided/"
MOST_HEIGHT, MOST_ABOVE = 6_500, 1_000


def top_of(locator) -> float:
    return locator.evaluate("found => found.getBoundingClientRect().top + scrollY")


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_on_a_phone_the_index_is_short_and_begins_on_the_first_screens(page, prefix):
    page.goto(prefix + WHERE)
    assert page.evaluate("document.documentElement.scrollHeight") <= MOST_HEIGHT
    assert top_of(page.locator(".entry").first) <= MOST_ABOVE


@pytest.mark.parametrize("anchor", ["online-booking", "municipal-analysis-report"])
def test_address_of_a_scenario_opens_it(page, anchor):
    page.goto(f"{WHERE}#{anchor}")
    expect(page.locator(f"#{anchor} .path")).to_be_visible()
    expect(page.locator("details.entry[open]")).to_have_count(1)
    expect(page.locator("details.entry[open] > summary")).to_be_in_viewport()


@pytest.mark.parametrize("query", ["?by=item", "?by=service", "?item=email"])
@pytest.mark.parametrize("anchor", ["online-booking", "municipal-analysis-report"])
def test_address_of_a_scenario_leads_to_it_in_every_order(page, query, anchor):
    page.goto(f"{WHERE}{query}#{anchor}")
    expect(page.locator(f"li#{anchor} > a")).to_be_in_viewport()


def test_address_of_a_text_leads_to_it_from_another_order(browser, live_server, world):
    context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=live_server.url, locale="ja")
    page = context.new_page()
    page.goto(f"{WHERE}?by=item#processors")
    page.wait_for_url(f"**{WHERE}#processors")
    expect(page.locator("#processors p").first).to_be_in_viewport()
    context.close()


@pytest.mark.parametrize("anchor", ["automatic-to-every-client", "processors", "investigations"])
def test_address_of_a_folded_text_opens_it(page, anchor):
    page.goto(f"{WHERE}#{anchor}")
    expect(page.locator(f"#{anchor} p").first).to_be_in_viewport()


def test_row_opens_and_closes_with_the_keyboard(page):
    page.goto(WHERE)
    row = page.locator("details.entry", has=page.locator("#point-programme"))
    row.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#point-programme .path")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#point-programme .path")).to_be_hidden()


def test_print_shows_every_scenario(page):
    page.goto(WHERE)
    page.emulate_media(media="print")
    for scenario in page.locator("article.scene").all():
        expect(scenario.locator(".path")).to_be_visible()


def test_on_a_wide_screen_what_is_open_stands_beside_the_index(page):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(WHERE)
    expect(page.locator("#online-booking .path")).to_be_visible()
    row = page.locator("details.entry", has=page.locator("#results-report"))
    row.locator("summary").click()
    expect(page.locator("#online-booking .path")).to_be_hidden()
    expect(page.locator("#results-report .path")).to_be_in_viewport()
    summary, card = row.locator("summary").bounding_box(), page.locator("#results-report").bounding_box()
    assert card["x"] > summary["x"] + summary["width"]


def test_dot_of_the_drawing_leads_to_its_scenario(page):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(WHERE)
    page.locator("svg.matrix a[href='#card-fraud'] .touch").last.click()
    expect(page.locator("#card-fraud .path")).to_be_in_viewport()
