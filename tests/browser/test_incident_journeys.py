"""A drill: a recipient is breached, everybody affected is told, and one of them recalls her data by the recipient's link."""

import re

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from consents.incidents.actions import attach_list, open_incident, tell_people, write_text
from consents.models import RecallCase
from consents.recalls.actions import tell_recipient_by_mail
from disclosures.affected.actions import ask_for_list
from disclosures.reporters.actions import create_reporter
from privacycenter.outbox.working import work_off
from tests.support.browser import assert_accessible, log_in
from tests.support.events import an_event, record
from tests.support.incidents import INN, TEXT, WHY
from tests.support.people import make_user

pytestmark = pytest.mark.browser


@pytest.fixture
def officer():
    return make_user("officer", is_staff=True, groups=("officers",))


@pytest.fixture
def told(officer):
    """hanako, who booked at the inn, was told of its breach."""
    hanako = make_user("hanako")
    reporter, _secret = create_reporter(code="travel", title="じゃらんnet予約システム", services=["jalan"])
    record(reporter, an_event())
    affected = ask_for_list(filters=INN, reason=WHY, by=officer, is_made_now=True)
    incident = open_incident(title="みなと", noticed_at=timezone.now(), by=officer)
    attach_list(incident=incident, affected=affected, by=officer)
    write_text(incident=incident, words=TEXT, by=officer)
    tell_people(incident=incident, by=officer)
    work_off()
    return hanako


def test_journey_after_a_breach_a_person_recalls_her_data_and_the_recipient_answers(page, browser, told, officer):
    page.goto("/my/notices/")
    log_in(page, "hanako")
    page.locator("main a[href*='/my/incidents/']").click()
    expect(page.locator("h1")).to_contain_text(TEXT["ja"]["title"])
    assert_accessible(page, browser)
    page.locator("main a[href*='/my/recalls/new/']").click()
    expect(page.locator("input[type=radio]:checked")).to_have_count(0)
    assert_accessible(page, browser)
    page.locator("input[value=delete]").check()
    page.locator("main form button.solid").click()
    expect(page.locator("main details[open]")).to_have_count(1)
    assert_accessible(page, browser)

    tell_recipient_by_mail(case=RecallCase.objects.get(), address="privacy@inn.example", by=officer)
    work_off()
    link = re.search(r"/recalls/\S+/", mail.outbox[-1].body).group()
    stranger = browser.new_context(base_url=re.match(r"http://[^/]+", page.url).group(), locale="ja").new_page()
    stranger.goto(link)
    assert_accessible(stranger, browser)
    stranger.locator("input[value=deleted]").check()
    stranger.locator("main form button").click()
    expect(stranger.locator("main form")).to_have_count(0)
    stranger.context.close()
    page.reload()
    expect(page.locator("main .steps")).to_contain_text("専用のリンクから回答しました")
    expect(page.locator("main form")).to_have_count(0)


def test_journey_an_officer_counts_lists_and_opens_an_incident(page, browser, told):
    page.goto("/admin/affected/?recipient=minato-inn&since=2026-10-01&until=2026-11-30")
    log_in(page, "officer")
    expect(page.locator("#counts")).to_be_visible()
    page.locator("textarea[name=reason], input[name=reason]").fill("漏えいの範囲を確かめるため")
    page.locator("form[method=post] input[type=submit].default").click()
    work_off()
    page.reload()
    expect(page.locator("#file")).to_be_visible()
    page.goto("/admin/incidents/")
    page.locator("main a[href*='/admin/incidents/'], #content a[href*='/admin/incidents/']").first.click()
    expect(page.locator("#tell")).to_be_visible()


def test_journey_an_officer_files_a_recall_for_a_person_who_asked_otherwise(page, browser, told):
    page.goto("/admin/records/")
    log_in(page, "officer")
    page.locator("[name=who]").fill(told.subject)
    page.locator("input[name=scope][value=whole]").check()
    page.locator("[name=reason]").first.fill("電話での本人からの依頼")
    page.locator("form[method=post] input[type=submit]").first.click()
    page.locator(f"a[href='/admin/records/{told.pk}/recall/']").click()
    assert_accessible(page, browser)
    page.locator("select[name=about]").select_option("recipient:minato-inn")
    page.locator("select[name=kind]").select_option("delete")
    page.locator("#content-main input[type=submit]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert told.recalls.get().staff_id
    page.goto(f"/admin/recalls/{RecallCase.objects.get().pk}/")
    expect(page.locator("#content-main")).to_contain_text(told.subject)
    assert_accessible(page, browser)


def test_journey_an_officer_puts_a_recipient_on_hold_and_everybody_sees_it(page, browser, told):
    page.goto("/admin/incidents/")
    log_in(page, "officer")
    page.locator("#content-main a", has_text="みなと").click()
    page.locator("#hold ~ details > summary").first.click()
    expect(page.locator("[name=hold-recipient]")).to_have_value("minato-inn")
    assert_accessible(page, browser)
    page.locator("form:has(input[value=hold]) input[type=submit]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert_accessible(page, browser)
    stranger = browser.new_context(base_url=re.match(r"http://[^/]+", page.url).group(), locale="ja").new_page()
    stranger.goto("/recipients/minato-inn/")
    expect(stranger.locator("main")).to_contain_text("確認が終わるまで、提供を見合わせます。")
    assert_accessible(stranger, browser)
    stranger.goto("/en/recipients/minato-inn/")
    expect(stranger.locator("main")).to_contain_text("Until that is done, we provide nothing to it.")
    stranger.context.close()
