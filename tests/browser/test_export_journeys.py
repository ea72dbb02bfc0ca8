"""Taking the record home and being told, on a phone, with and without JavaScript."""

import pytest
from playwright.sync_api import expect

from consents.exports import file_store
from disclosures.ledger.recording import record_disclosures
from disclosures.reporters.actions import create_reporter
from privacycenter.outbox.working import work_off
from tests.support.browser import assert_accessible, log_in
from tests.support.events import a_survey_event, an_event
from tests.support.people import make_user

pytestmark = pytest.mark.browser


@pytest.fixture
def hanako(page):
    """hanako, logged in, with two disclosures; the worker has told of them."""
    person = make_user("hanako")
    reporter, _secret = create_reporter(code="travel", title="じゃらんnet予約システム", services=["jalan"])
    record_disclosures(events=[an_event(), a_survey_event()], by=reporter)
    work_off()
    page.goto("/my/")
    log_in(page, "hanako")
    return person


def test_journey_a_person_takes_the_record_home(page, browser, hanako, monkeypatch):
    page.goto("/my/export/")
    # The log-in of just now is fresh enough.
    assert page.url.endswith("/my/export/")
    page.locator("input[value=csv]").check()
    with page.expect_download() as download:
        page.locator("main form button.solid").click()
    assert "湯宿 みなと" in download.value.path().read_text(encoding="utf-8-sig")

    monkeypatch.setattr(file_store, "MOST_ROWS_AT_ONCE", dict.fromkeys(file_store.MOST_ROWS_AT_ONCE, 0))
    page.goto("/my/export/?recipient=minato-inn")
    page.locator("main form button.solid").click()
    expect(page.locator("progress")).to_be_visible()
    assert_accessible(page, browser)
    work_off()
    page.reload()
    with page.expect_download() as download:
        page.locator("main form button.solid").click()
    assert download.value.suggested_filename.endswith(".pdf")
    page.goto("/my/export/")
    expect(page.locator("main .rows > li")).to_have_count(2)
    assert_accessible(page, browser)


def test_journey_a_person_is_told_and_chooses_how(page, browser, hanako):
    page.goto("/my/notices/")
    expect(page.locator("main .notices > .unread")).to_have_count(2)
    assert_accessible(page, browser)
    page.locator("main form button").click()
    expect(page.locator("main .notices > .unread")).to_have_count(0)
    page.locator("main .notices a").first.click()
    page.go_back()

    page.locator("main a[href='/my/settings/']").click()
    page.locator("input[value=urgent]").check()
    page.locator("main form button.solid").click()
    assert page.locator("input[value=urgent]").is_checked()
    assert_accessible(page, browser)
