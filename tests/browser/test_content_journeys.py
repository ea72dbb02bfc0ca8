"""What readers, editors and officers do on the content side, from the first page to the last."""

import re

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import expect

from disclosures.content.working_copy import working_document
from disclosures.models import IdentityState, IdentityWay, Inquiry, InquiryStep, Publication, Scenario
from tests.support.browser import assert_accessible, log_in
from tests.support.people import PASSWORD, make_user

pytestmark = pytest.mark.browser


def staff(name, *groups):
    user = make_user(name, is_staff=True)
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


def test_journey_a_reader_finds_which_services_give_their_address_to_whom(page, browser):
    page.goto("/")
    page.locator("main .chips a", has_text=re.compile("^メールアドレス$")).click()
    opened = page.locator("details.entry[open]")
    expect(opened.locator("summary")).to_contain_text("メールアドレス")
    links = opened.locator(".leads a")
    wanted = {code for code, entry in working_document()["scenarios"].items() if "email" in entry["items"]}
    assert {str(links.nth(index).get_attribute("href")).split("#")[1] for index in range(links.count())} == wanted
    assert_accessible(page, browser)

    links.get_by_text("ネット予約").click()
    expect(page.locator("#online-booking .path").get_by_text("じゃらん")).to_be_visible()
    expect(page.locator("#online-booking .path").get_by_text("宿泊施設")).to_be_visible()
    assert_accessible(page, browser)

    page.goto("/search/?q=ﾒｰﾙｱﾄﾞﾚｽ")
    assert page.locator("main").get_by_text("メールアドレス").count() > 0
    assert_accessible(page, browser)


def test_journey_an_editor_changes_previews_publishes_and_rolls_back(page, browser):
    staff("editor", "editors", "publishers")
    page.goto("/admin/preview/where-provided/")
    log_in(page, "editor")
    page.goto("/admin/preview/where-provided/")
    page.locator("details.entry", has=page.locator("#online-booking")).locator("summary").click()
    page.locator("#online-booking a", has_text="ここを編集").first.click()
    page.locator("#id_title").fill("オンライン予約")
    page.locator("#id_title_en").fill("Booking online")
    page.locator("input[name=_save]").first.click()
    page.goto("/admin/preview/where-provided/")
    expect(page.locator("#online-booking h3").get_by_text("オンライン予約")).to_have_count(1)
    page.goto("/en/where-provided/")
    expect(page.locator("#online-booking h3").get_by_text("Booking online")).to_have_count(0)

    page.goto("/admin/pending/")
    assert page.locator("ins").first.inner_text() == "オンライン"
    assert_accessible(page, browser)
    page.locator("#id_reason").fill("わかりやすく")
    page.locator(".submit-row input[type=submit]").click()
    page.goto("/en/where-provided/")
    expect(page.locator("#online-booking h3").get_by_text("Booking online")).to_have_count(1)

    page.goto("/admin/disclosures/publication/")
    page.locator("a[href='/admin/publications/1/']").click()
    assert_accessible(page, browser)
    page.locator(".submit-row input[type=submit]").click()
    page.goto("/where-provided/")
    expect(page.locator("#online-booking h3").get_by_text("ネット予約")).to_have_count(1)
    assert Publication.objects.count() == 3


def test_journey_two_editors_collide(page, browser):
    for name in ("editor", "other"):
        staff(name, "editors")
    address = f"/admin/disclosures/scenario/{Scenario.objects.get(code='online-booking').pk}/change/"
    page.goto(address)
    log_in(page, "editor")
    page.goto(address)
    theirs = page.context.browser.new_context(base_url=page.url.split("/admin/")[0], locale="ja").new_page()
    theirs.goto(address)
    theirs.locator("input[name=login]").fill("other")
    theirs.locator("input[name=password]").fill(PASSWORD)
    theirs.locator("main form button").first.click()
    theirs.goto(address)
    theirs.locator("#id_title").fill("ほかの人の題")
    theirs.locator("input[name=_save]").first.click()
    theirs.context.close()

    page.locator("#id_title").fill("私の題")
    page.locator("input[name=_save]").first.click()
    page.locator(".other-text").first.get_by_text("ほかの人の題").wait_for()
    assert page.locator("#id_title").input_value() == "私の題"
    assert Scenario.objects.get(code="online-booking").title == "ほかの人の題"
    with page.expect_navigation():
        page.locator("input[name=_save]").first.click()
    assert Scenario.objects.get(code="online-booking").title == "私の題"


def test_journey_an_officer_answers_a_request(page, browser):
    staff("officer", "officers")
    page.goto("/contact/")
    page.locator("main a", has_text="訂正").first.click()
    assert_accessible(page, browser)
    page.locator("[name=body]").fill("電話番号が違います。")
    page.locator("[name=name]").fill("山田 花子")
    page.locator("[name=email]").fill("hanako@example.jp")
    page.locator("main form button").click()
    reference = Inquiry.objects.get().reference
    expect(page.locator("main").get_by_text(reference)).to_be_visible()
    assert_accessible(page, browser)
    status = page.url

    page.goto("/admin/inquiries/")
    log_in(page, "officer")
    page.goto("/admin/inquiries/")
    assert_accessible(page, browser)
    page.locator("a", has_text=reference).click()
    assert_accessible(page, browser)
    # Nobody is answered before it is known who asked.
    page.locator("#identity > summary").click()
    page.locator(f"#identity input[name=identity][value='{int(IdentityState.CONFIRMED)}']").check()
    page.locator("#identity select[name=way]").select_option(str(IdentityWay.PHONE.value))
    page.locator("#identity button[value=identity]").click()
    page.locator("input[value=answered]").check()
    page.locator("form:has(button[value=step]) [name=message]").fill("登録を直しました。")
    page.locator("button[value=step]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert InquiryStep.objects.get().message == "登録を直しました。"
    page.goto(status)
    expect(page.locator("main").get_by_text("登録を直しました。")).to_be_visible()
