"""Five thousand recipients, from a spreadsheet to the public page, with and without JavaScript."""

import pytest
from playwright.sync_api import expect

from disclosures.models import Recipient
from tests.support.browser import assert_accessible, log_in
from tests.support.people import make_user

pytestmark = pytest.mark.browser

MANY = 5_000


def spreadsheet() -> bytes:
    lines = ["code,title_ja,title_en,country,business_ja"]
    lines += [f"clinic-{number:04},第{number}クリニック,Clinic No. {number},JP,医療" for number in range(MANY)]
    return "\r\n".join(lines).encode("cp932")


def choose_recipient(page, has_scripts):
    """Name one of five thousand on the form of a situation."""
    if not has_scripts:
        page.locator("#id_recipients").fill("clinic-0042\nClinic No. 77")
        return
    field = page.locator("#id_recipients-search")
    for name in ("第42ｸﾘﾆｯｸ", "clinic no. 77"):
        field.fill(name)
        expect(page.locator(".choose-list [role=option]").first).to_be_visible()
        field.press("ArrowDown")
        field.press("Enter")
    expect(page.locator("#id_recipients")).to_have_value("clinic-0042 第42クリニック\nclinic-0077 第77クリニック")


def test_journey_five_thousand_recipients_come_as_a_file_and_are_public(page, browser, request):
    has_scripts = "nojs" not in request.node.name
    make_user("editor", is_staff=True, groups=("editors", "publishers"))
    page.goto("/admin/recipients/")
    log_in(page, "editor")
    page.goto("/admin/recipients/")
    assert_accessible(page, browser)
    page.locator("input[type=file]").set_input_files(
        {"name": "提供先.csv", "mimeType": "text/csv", "buffer": spreadsheet()}
    )
    page.locator(".desk-form .submit-row input[type=submit]").click()
    expect(page.locator(".desk-counts")).to_contain_text("5,000")
    assert_accessible(page, browser)
    assert not Recipient.objects.filter(code="clinic-0000").exists()

    page.locator(".desk-form .submit-row input[type=submit]").click()
    expect(page.locator(".pending-banner").first).to_contain_text("5,000")
    assert_accessible(page, browser)
    page.goto("/admin/edit/scenarios/online-booking/")
    choose_recipient(page, has_scripts)
    assert_accessible(page, browser)
    page.locator("input[name=_save]").first.click()

    page.goto("/admin/search/?q=clinic-0042")
    expect(page.locator("main, #content-main").first).to_contain_text("第42クリニック")
    assert_accessible(page, browser)
    page.goto("/admin/pending/")
    page.locator("#id_reason").fill("提供先を追加")
    page.locator(".desk-form .submit-row input[type=submit]").click()

    page.goto("/recipients/")
    page.locator("#recipient-words").fill("Clinic No. 4999")
    page.locator("form[role=search] button").last.click()
    expect(page.locator("main a", has_text="第4999クリニック")).to_have_count(1)
    assert_accessible(page, browser)
    page.goto("/en/where-provided/")
    expect(page.locator("#online-booking a[href='/en/recipients/clinic-0042/']").first).to_be_attached()
