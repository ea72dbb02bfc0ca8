"""A picture from the file of an editor to the page of a visitor, and links put into a text by keyboard."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Group
from playwright.sync_api import Page, expect

from disclosures.models import Section
from tests.support.browser import assert_accessible, log_in
from tests.support.people import make_user
from tests.support.site_files import a_file, photograph

pytestmark = pytest.mark.browser
with_scripts = pytest.mark.parametrize("page", [True], ids=["js"], indirect=True)


@pytest.fixture
def desk(page: Page) -> Page:
    """The browser of an editor who also publishes."""
    user = make_user("editor", is_staff=True)
    user.groups.set(Group.objects.filter(name__in=("editors", "publishers")))
    page.goto("/admin/")
    log_in(page, "editor")
    expect(page.locator("#content-main")).to_be_visible()
    return page


def section_form() -> str:
    return f"/admin/disclosures/section/{Section.objects.get(code='personal-information').pk}/change/"


def test_journey_a_picture_goes_from_a_file_to_the_page(desk, browser):
    desk.goto("/admin/disclosures/sitefile/add/")
    desk.locator("#id_upload").set_input_files({"name": "camera.jpg", "mimeType": "image/png", "buffer": photograph()})
    desk.locator("#id_code").fill("flow")
    desk.locator("#id_title").fill("提供の流れ")
    desk.locator("input[name=_save]").first.click()
    expect(desk.locator(".field-alt .errorlist")).to_be_visible()
    assert_accessible(desk, browser)

    # The file need not be chosen again.
    desk.locator("#id_alt").fill("本人から提供先へ")
    desk.locator("#id_alt_en").fill("From the person to the recipient")
    desk.locator("#id_title_en").fill("How data flows")
    desk.locator("input[name=_continue]").first.click()
    expect(desk.locator(".file-content img")).to_be_visible()
    assert_accessible(desk, browser)

    desk.goto(section_form())
    for name in ("#id_body", "#id_body_en"):
        desk.locator(name).fill("![](picture:flow)")
    desk.locator("input[name=_save]").first.click()
    desk.goto("/admin/preview/where-provided/")
    expect(desk.get_by_alt_text("本人から提供先へ")).to_be_visible()

    desk.goto("/admin/pending/")
    desk.locator("#id_reason").fill("図を追加")
    desk.locator(".submit-row input[type=submit]").click()
    desk.goto("/en/where-provided/")
    picture = desk.get_by_alt_text("From the person to the recipient")
    expect(picture).to_be_visible()
    sent = desk.request.get(str(picture.get_attribute("src")))
    assert (sent.status, sent.headers["content-type"]) == (200, "image/jpeg")
    assert_accessible(desk, browser)


@with_scripts
def test_link_is_chosen_by_keyboard_and_stands_where_the_cursor_was(desk):
    desk.goto(section_form())
    area = desk.locator("#id_body")
    area.fill("前後")
    area.press("Home")
    area.press("ArrowRight")
    desk.locator("[data-for=id_body]").press("Enter")
    dialog = desk.locator("dialog.link-dialog")
    expect(dialog.locator("#link-q")).to_be_focused()
    desk.keyboard.type("ネット予約")
    desk.keyboard.press("Enter")
    # Of the list that was asked for, not of the one that stood there before.
    expect(dialog.get_by_role("status")).to_contain_text("1件")
    choice = dialog.get_by_role("button", name="ネット予約").first
    expect(choice).to_be_visible()
    choice.press("Enter")
    expect(dialog).to_be_hidden()
    expect(area).to_be_focused()
    expect(area).to_have_value("前[ネット予約](/where-provided/#online-booking)後")
    # What is put in is typed, so it can be taken back.
    desk.keyboard.press("Control+z")
    expect(area).to_have_value("前後")


@with_scripts
def test_marked_words_become_the_words_of_the_link_and_escape_leaves_the_text_alone(desk):
    a_file()
    desk.goto(section_form())
    area = desk.locator("#id_body_en")
    area.fill("see this")
    area.press("Control+a")
    opening = desk.locator("[data-for=id_body_en]")
    opening.click()
    dialog = desk.locator("dialog.link-dialog")
    expect(dialog).to_be_visible()
    desk.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(area).to_have_value("see this")
    opening.click()
    dialog.locator("#link-kind").select_option("services")
    dialog.get_by_role("button", name="Jalan").first.click()
    expect(area).to_have_value("[see this](/services/jalan/)")


@with_scripts
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_dialog_is_accessible(desk, scheme):
    # In a page of its own: the checker writes styles into it, which the policy of the page reports.
    copy = desk.context.new_page()
    copy.emulate_media(color_scheme=scheme)
    copy.goto(section_form())
    copy.locator("[data-for=id_body]").click()
    expect(copy.locator("dialog.link-dialog")).to_be_visible()
    violations = Axe().run(copy).response["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in violations] == []


@with_scripts
def test_dialog_leads_through_its_pages_and_fits_on_a_phone(desk):
    desk.set_viewport_size({"width": 320, "height": 640})
    desk.goto(section_form())
    desk.locator("[data-for=id_body]").click()
    dialog = desk.locator("dialog.link-dialog")
    first = dialog.locator("li").first.inner_text()
    dialog.get_by_role("link", name="次").click()
    expect(dialog.locator("li").first).not_to_have_text(first)
    assert desk.evaluate("document.querySelector('dialog').scrollWidth <= window.innerWidth")
