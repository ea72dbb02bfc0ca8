"""Change sets at the desk: an embargo with a colleague publishing in between; two sets that collide and are merged."""

import pytest
from playwright.sync_api import expect

from disclosures.change_sets.actions import make_set
from disclosures.change_sets.attributing_actions import current_set
from disclosures.models import Publication
from disclosures.publishing.set_actions import publish_set
from tests.support.browser import assert_accessible, log_in
from tests.support.people import make_user
from tests.support.sets import change, public, saved

pytestmark = pytest.mark.browser


def editors():
    return (make_user(name, is_staff=True, groups=("editors", "publishers")) for name in ("editor", "colleague"))


def test_journey_an_embargo_outlives_a_colleague_who_publishes_everything(page, browser):
    editor, colleague = editors()
    page.goto("/admin/sets/")
    log_in(page, "editor")
    page.goto("/admin/sets/")
    page.locator("input[name=name]").fill("年末の新名称")
    page.locator("button[value=make]").click()
    page.goto("/admin/edit/scenarios/online-booking/")
    page.locator("#id_title").fill("秘密の新名称")
    page.locator("input[name=_save]").first.click()
    secret = current_set(editor)
    page.goto(f"/admin/sets/{secret.pk}/")
    expect(page.locator("ins").first).to_contain_text("秘密")
    page.locator("button[value=embargo]").click()
    expect(page.locator(".desk-facts")).to_contain_text("解禁前")
    assert_accessible(page, browser)

    page.context.clear_cookies()
    change(colleague, "name", "data_items", title="お名前")
    page.goto("/admin/pending/")
    log_in(page, "colleague")
    page.goto("/admin/pending/")
    page.locator(".desk-form input[type=submit]").click()
    assert (public("name", kind="data_items"), public(), saved()) == ("お名前", "ネット予約", "秘密の新名称")
    page.goto("/admin/edit/scenarios/online-booking/")
    expect(page.locator("#id_title")).to_have_value("ネット予約")
    expect(page.locator(".other-text").first).to_contain_text("年末の新名称")
    assert_accessible(page, browser)


def test_journey_two_sets_collide_and_the_second_puts_both_together(page, browser):
    editor, colleague = editors()
    make_set(name="会員の表記", by=editor)
    mine = change(editor, title="ネット予約(会員)")
    publish_set(change_set=change(colleague, title="オンライン予約"), by=colleague)
    page.goto(f"/admin/sets/{mine.pk}/")
    log_in(page, "editor")
    page.goto(f"/admin/sets/{mine.pk}/")
    page.locator(".errornote a").click()
    expect(page.locator("textarea")).to_have_value("オンライン予約(会員)")
    assert_accessible(page, browser)
    page.locator("button.default").click()
    page.locator("input[name=reason]").fill("会員の予約とわかるように")
    page.locator("button[value=publish]").click()
    expect(page.locator(".desk-facts")).to_contain_text("公開版3")
    assert public() == "オンライン予約(会員)" and Publication.objects.count() == 3
    assert_accessible(page, browser)
