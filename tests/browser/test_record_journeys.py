"""A person reads their record on a phone, with and without JavaScript: overview, filter, one disclosure, question."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from disclosures.ledger.recording import record_disclosures
from disclosures.models import Recipient, Reporter
from disclosures.reporters.actions import create_reporter
from tests.support.browser import assert_accessible, log_in
from tests.support.events import a_survey_event, an_event
from tests.support.people import make_user

pytestmark = pytest.mark.browser


@pytest.fixture
def hanakos(world):
    """hanako with bookings over a year, one of them through another service, and one breach."""
    make_user("hanako", email="hanako@example.com")
    reporter, _secret = create_reporter(code="travel", title="予約システム", services=["jalan", "hotpepper-gourmet"])
    now = timezone.now()
    events = [an_event(f"booking-{n}", occurred_at=now - timedelta(days=10 * n)) for n in range(30)]
    dinner = an_event(
        "dinner", recipient="kotori-salon", service="hotpepper-gourmet", items=("email",), occurred_at=now
    )
    record_disclosures(events=[*events, dinner, a_survey_event()], by=reporter)


@pytest.fixture
def has_script(request) -> bool:
    """Whether the page's scripts run: without them a choice waits for its button."""
    return request.node.callspec.params["page"]


def test_journey_a_person_finds_one_disclosure_and_asks_about_it(page, browser, hanakos, has_script):
    page.goto("/my/")
    log_in(page, "hanako")
    assert page.locator(".page-head .figures b").first.inner_text() == "3"
    expect(page.locator(".warned p").get_by_text("あなたの回答がないまま")).to_be_visible()
    assert_accessible(page, browser)

    page.locator(".my-menu > summary").click()
    page.locator(".my-menu a[href='/my/disclosures/']").click()
    expect(page.locator(".record .rows > li")).to_have_count(25)
    page.locator(".record-filters summary").click()
    page.locator("#filter-service").select_option("hotpepper-gourmet")
    if not has_script:
        page.locator(".record-filters form button").click()
    page.wait_for_url("**service=hotpepper-gourmet**")
    assert page.locator("#found").inner_text() == "32件のうち1件"
    expect(page.locator(".chosen a").first.get_by_text("ホットペッパーグルメ")).to_be_visible()
    assert_accessible(page, browser)

    page.locator(".record .rows a").first.click()
    assert "/my/disclosures/" in page.url and page.locator("blockquote h3").inner_text() == "ネット予約"
    assert_accessible(page, browser)
    page.locator("main a.button", has_text="問い合わせ").click()
    expect(page.locator("main").get_by_text("美容室 ことり").first).to_be_visible()
    page.locator("input[name=kind]").first.check()
    page.locator("input[name=name]").fill("花子")
    page.locator("textarea[name=body]").fill("なぜ提供されたのですか。")
    page.locator("main form button").last.click()
    assert "/my/inquiries/" in page.url
    expect(page.locator("main").get_by_text("美容室 ことり").first).to_be_visible()


def test_journey_a_person_looks_at_a_day_hides_a_recipient_and_leaves(page, browser, hanakos):
    page.goto("/my/recipients/")
    log_in(page, "hanako")
    assert_accessible(page, browser)
    page.locator(".on-a-day a[rel=prev]").click()
    expect(page.locator("main .rows > li")).to_have_count(1)

    page.locator("main .rows a").first.click()
    assert_accessible(page, browser)
    page.locator("#visibility button").click()
    page.goto("/my/")
    expect(page.locator("main").get_by_text("湯宿 みなと")).to_have_count(0)

    page.goto("/my/where-provided/")
    row = page.locator("details.entry", has=page.locator("#online-booking"))
    expect(row.locator(".own-row")).to_be_visible()
    row.locator("summary").click()
    expect(page.locator("#online-booking .happened")).to_be_visible()
    assert_accessible(page, browser)
    page.locator(".quick-exit button").click()
    page.wait_for_url(lambda url: "/my/" not in url)
    page.go_back()
    expect(page.locator("input[name=login]")).to_be_visible()


def test_journey_escape_pressed_twice_leaves(page, hanakos, has_script):
    page.goto("/my/")
    log_in(page, "hanako")
    page.locator("h1").wait_for()
    page.wait_for_load_state("load")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    if has_script:
        page.wait_for_url(lambda url: "/my/" not in url)
        expect(page.locator("form.quick-exit")).to_have_count(0)
    page.goto("/my/")
    assert page.locator("input[name=login]").is_visible() is has_script


@pytest.mark.parametrize("page", [True], ids=["js"], indirect=True)
def test_escape_meant_for_something_else_leaves_nothing(page, hanakos):
    page.goto("/my/disclosures/")
    log_in(page, "hanako")
    page.locator(".record-filters summary").click()
    page.locator("#filter-text").fill("ことり")
    device = page.context.new_cdp_session(page)
    device.send("Input.imeSetComposition", {"text": "じゃらん", "selectionStart": 4, "selectionEnd": 4})
    for key in (229, 27):
        for _press in range(2):
            escape = {"key": "Escape", "code": "Escape", "windowsVirtualKeyCode": key}
            device.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **escape})
            device.send("Input.dispatchKeyEvent", {"type": "keyUp", **escape})
    page.locator("h1").click()
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+Escape")
    page.goto("/my/")
    expect(page.locator("form.quick-exit")).to_have_count(1)


def test_journey_a_person_chooses_where_leaving_leads(page, browser, hanakos):
    page.goto("/my/settings/exit/")
    log_in(page, "hanako")
    assert_accessible(page, browser)
    page.context.route("https://weather.example/**", lambda route: route.fulfill(body="晴れ"))
    page.locator("input[name=address]").fill("https://weather.example/")
    page.locator("main form button").click()
    page.goto("/accounts/password/change/")
    page.locator(".quick-exit button").click()
    page.wait_for_url("https://weather.example/")
    page.go_back()
    expect(page.locator("input[name=login]")).to_be_visible()


def test_who_has_my_phone_number_is_answered_in_two_taps(page, browser, hanakos):
    page.goto("/my/")
    log_in(page, "hanako")
    page.locator(".views a", has_text="情報から").click()
    page.locator(".by-item a", has_text="電話番号").click()
    expect(page.locator("main .rows").first.get_by_text("湯宿 みなと")).to_be_visible()
    assert page.url.endswith("/my/items/phone/")
    assert_accessible(page, browser)


@pytest.mark.parametrize("query", ["", "?by=item", "?by=time"])
def test_front_page_of_forty_disclosures_is_no_longer_than_three_screens(page, hanakos, query):
    now = timezone.now()
    codes = list(Recipient.objects.values_list("code", flat=True)[:10])
    events = [an_event(code, recipient=code, occurred_at=now - timedelta(days=9)) for code in codes]
    record_disclosures(events=events, by=Reporter.objects.get())
    page.goto(f"/my/{query}")
    log_in(page, "hanako")
    page.locator(".figures").wait_for()
    assert page.evaluate("document.documentElement.scrollHeight") <= 2600
    assert page.locator(".figures").bounding_box()["y"] < 422  # half a screen


def swap_by_enter(page, control):
    """Press Enter there, and wait for the new list. For some milliseconds more it would answer as without JavaScript."""
    page.locator("#record").evaluate("list => list.dataset.former = ''")
    page.locator(control).press("Enter")
    expect(page.locator("#record[data-former], .htmx-added, .htmx-settling")).to_have_count(0)


@pytest.mark.parametrize("page", [True], ids=["js"], indirect=True)
def test_keyboard_stays_where_it_was_when_the_list_changes_in_place(page, hanakos):
    page.goto("/my/disclosures/")
    log_in(page, "hanako")
    page.locator(".record-filters summary").click()
    page.locator("#filter-text").fill("ことり")
    swap_by_enter(page, "#filter-text")
    expect(page.locator("#found")).to_have_text("32件のうち1件")
    expect(page.locator("#filter-text")).to_be_focused()
    swap_by_enter(page, "#filter-show")
    expect(page.locator("#filter-show")).to_be_focused()
    assert page.locator("a[hreflang=en]").last.get_attribute("href").endswith(page.url.partition("/my/")[2])

    swap_by_enter(page, "#chosen-text")
    expect(page.locator("#chosen-text")).to_have_count(0)
    expect(page.locator("#found")).to_be_focused()
    assert page.locator(".record-filters").evaluate("fold => fold.open")
