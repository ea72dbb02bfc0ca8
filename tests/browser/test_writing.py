"""What is written at the desk: rich text that is pasted becomes Markdown, and nothing typed is lost."""

import re
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Browser, Page, expect

from disclosures.models import Question, Scenario
from privacycenter.models import Draft
from privacycenter.text.richtext import render
from tests.support.browser import assert_accessible, log_in
from tests.support.people import make_user

pytestmark = pytest.mark.browser

with_scripts = pytest.mark.parametrize("page", [True], ids=["js"], indirect=True)
CLIPBOARDS = sorted((Path(__file__).parent / "clipboards").glob("*.html"))
PASTE = """([html, plain]) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/html", html);
  clipboardData.setData("text/plain", plain);
  const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
  return document.activeElement.dispatchEvent(event);
}"""
MARK = "三十分かけて書いた文章"


@pytest.fixture
def desk(page: Page) -> Page:
    """The browser of an editor."""
    user = make_user("editor", is_staff=True)
    user.groups.set(Group.objects.filter(name="editors"))
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/admin/")
    log_in(page, "editor")
    expect(page.locator("#content-main")).to_be_visible()
    return page


def online_booking() -> str:
    return f"/admin/disclosures/scenario/{Scenario.objects.get(code='online-booking').pk}/change/"


# --- Pasting ---------------------------------------------------------------------------------------------------------


@with_scripts
def test_rich_text_becomes_markdown_that_is_published_as_it_was_meant(desk):
    desk.goto("/admin/disclosures/question/add/")
    area = desk.locator("#id_answer")
    for path in CLIPBOARDS:
        area.fill("")
        area.focus()
        assert desk.evaluate(PASTE, [path.read_text(encoding="utf-8"), "plain"]) is False, path.name
        expect(area).to_have_value(path.with_suffix(".md").read_text(encoding="utf-8").rstrip("\n"))
        expect(desk.locator("#id_answer ~ .paste-status")).to_contain_text("Markdown")
    html = render((CLIPBOARDS[-1].with_suffix(".md")).read_text(encoding="utf-8"))
    for part in ("<ul>\n<li>氏名\n<ol>\n<li>姓</li>", "「<strong>必ず</strong>」", "<th>使いみち</th>", ">方針</a>"):
        assert part in html
    desk.locator("#id_answer").fill("")


@with_scripts
def test_what_was_left_out_is_said_and_undo_takes_it_back(desk):
    desk.goto(online_booking())
    area = desk.locator("#id_body")
    before = area.input_value()
    area.focus()
    word = next(path for path in CLIPBOARDS if path.stem == "word").read_text(encoding="utf-8")
    desk.evaluate(PASTE, [word, "plain"])
    said = desk.locator("#id_body ~ .paste-status")
    for words in ("見出しは太字の行", "削除された部分", "コメントと脚注"):
        expect(said).to_contain_text(words)
    assert area.input_value() != before
    desk.keyboard.press("Control+z")
    expect(area).to_have_value(before)


@with_scripts
def test_plain_text_and_with_shift_are_left_to_the_browser(desk):
    desk.goto(online_booking())
    desk.locator("#id_body").focus()
    assert desk.evaluate(PASTE, ["<p>ただの文です。</p>", "ただの文です。"]) is True
    desk.keyboard.down("Shift")
    assert desk.evaluate(PASTE, ["<ul><li>one</li></ul>", "one"]) is True
    desk.keyboard.up("Shift")
    desk.locator("#id_title").focus()
    assert desk.evaluate(PASTE, ["<ul><li>one</li></ul>", "one"]) is True
    assert desk.locator(".paste-status:not(:empty)").count() == 0


def open_form(desk: Page) -> None:
    desk.goto(online_booking())
    expect(desk.locator("form[data-drafts]")).to_be_attached()


# --- Drafts ----------------------------------------------------------------------------------------------------------


def kept(desk: Page, said: str = "下書きを残しました") -> None:
    expect(desk.locator("#draft-status")).to_contain_text(said, timeout=20_000)


@with_scripts
def test_closed_window_loses_nothing(desk):
    open_form(desk)
    desk.locator("#id_body").press_sequentially(MARK)
    kept(desk)
    desk.locator("#id_title_en").fill("Written on the way out")
    desk.wait_for_timeout(100)
    again = desk.context.new_page()
    desk.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    with desk.expect_response(lambda response: response.request.method == "POST"):
        desk.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    desk.close(run_before_unload=False)
    again.goto(online_booking())
    expect(again.locator("#id_body")).not_to_have_value(re.compile(MARK))
    again.locator(".draft-note a").first.click()
    expect(again.locator("#id_body")).to_have_value(re.compile(MARK))
    expect(again.locator("#id_title_en")).to_have_value("Written on the way out")
    again.locator("input[name=_save]").first.click()
    expect(again.locator(".messagelist .success")).to_be_visible()
    assert MARK in Scenario.objects.get(code="online-booking").body
    assert not Draft.objects.exclude(sealed="").exists()


@with_scripts
def test_log_out_in_another_window_is_told_and_a_new_log_in_heals_the_form(desk):
    open_form(desk)
    session = desk.context.cookies()
    desk.context.clear_cookies(name="sessionid")
    desk.locator("#id_body").press_sequentially(MARK)
    kept(desk, "ログインが切れた")
    desk.context.add_cookies(session)
    desk.locator("#id_body").press_sequentially("。")
    kept(desk)
    assert Draft.objects.count() == 1


@with_scripts
def test_chosen_services_and_new_rows_are_in_the_draft(desk):
    open_form(desk)
    first = desk.locator("#id_links_from option").first
    expect(first).to_be_attached()
    title = first.text_content()
    first.dblclick()
    kept(desk)
    desk.goto(online_booking())
    desk.locator(".draft-note a").first.click()
    expect(desk.locator("#id_links_to option", has_text=title)).to_have_count(1)


@with_scripts
def test_leaving_asks_only_while_something_is_not_kept(desk):
    asked: list[str] = []
    desk.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    open_form(desk)
    desk.locator("#id_body").press_sequentially(MARK)
    desk.goto("/admin/")
    assert asked == ["beforeunload"]
    open_form(desk)
    desk.locator("#id_body").press_sequentially(MARK)
    kept(desk)
    desk.goto("/admin/")
    assert asked == ["beforeunload"]


def test_button_keeps_a_draft_and_the_list_leads_back_to_it(desk, browser: Browser):
    desk.goto("/admin/disclosures/question/add/")
    desk.locator("#id_question").fill("なぜですか")
    desk.locator("input[name=_draft]").first.click()
    expect(desk.locator(".kept-note")).to_contain_text("まだ保存されていません")
    desk.goto("/admin/drafts/")
    assert_accessible(desk, browser)
    desk.get_by_role("link", name="続きを書く").click()
    expect(desk.locator("#id_question")).to_have_value("なぜですか")
    assert not Question.objects.filter(question="なぜですか").exists()
    desk.goto("/admin/disclosures/question/add/")
    assert_accessible(desk, browser)
    desk.get_by_role("button", name="下書きを捨てる").click()
    desk.get_by_role("button", name="元に戻す").click()
    expect(desk.get_by_role("link", name="続きを書く")).to_be_visible()


# --- Comments --------------------------------------------------------------------------------------------------------


def test_comment_is_written_answered_and_resolved(desk, browser: Browser):
    desk.goto(online_booking())
    desk.locator(".field-body a.field-comments").first.click()
    desk.locator("#begin-0-text").fill("この文は長すぎませんか。")
    desk.get_by_role("button", name="コメントを書く").click()
    thread = desk.locator(".comment-thread")
    thread.locator("textarea[id^=answer]").fill("二つに分けます。")
    thread.get_by_role("button", name="返信する").click()
    expect(thread).to_contain_text("二つに分けます。")
    assert_accessible(desk, browser)
    desk.goto(online_booking())
    below = desk.locator(".field-body details.field-comments")
    below.locator("summary").click()
    expect(below).to_contain_text("この文は長すぎませんか。")
    below.get_by_role("link").click()
    thread.get_by_role("button", name="解決済みにする").click()
    desk.goto("/admin/comments/")
    expect(desk.locator(".desk-table")).to_have_count(0)
    assert_accessible(desk, browser)
