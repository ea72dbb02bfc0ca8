"""The desk's forms and its outline, with a mouse and without scripts."""

import re

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Page, expect

from disclosures.models import Question, Scenario, Section
from tests.support.browser import log_in
from tests.support.content import ROOT
from tests.support.people import make_user

pytestmark = pytest.mark.browser

PROBES = (ROOT / "tests" / "browser" / "probes.js").read_text(encoding="utf-8")
with_scripts = pytest.mark.parametrize("page", [True], ids=["js"], indirect=True)


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


def form_of(row) -> str:
    return f"/admin/disclosures/{row._meta.model_name}/{row.pk}/change/"


def saved(desk: Page) -> None:
    desk.locator("input[name=_save]").first.click()
    expect(desk.locator(".messagelist .success")).to_be_visible()


# --- Rows inside a form ----------------------------------------------------------------------------------------------


def test_item_chosen_in_the_last_row_is_saved_and_comes_last(desk):
    scenario = Scenario.objects.get(code="online-booking")
    desk.goto(form_of(scenario))
    desk.locator("#scenario_items-group select:visible").last.select_option(label="職務経歴書")
    saved(desk)
    assert [row.item.code for row in scenario.scenario_items.all()][2:] == ["phone", "work-history-document"]


@pytest.mark.parametrize("model", [Scenario, Section])
def test_rows_to_copy_from_are_never_seen_and_inputs_stand_below_their_heads(desk, model):
    desk.goto(form_of(model.objects.first()))
    expect(desk.locator(".empty-form").first).to_be_hidden()
    assert [row.is_visible() for row in desk.locator(".empty-form").all()].count(True) == 0
    for name in ("position", "item"):
        rows = desk.locator(f"#scenario_items-group tr.form-row:visible td.field-{name}").all()
        assert bool(rows) is (model is Scenario)
        for row in rows:
            head = desk.locator(f"#scenario_items-group th.column-{name}").bounding_box()
            assert row.bounding_box()["x"] == pytest.approx(head["x"], abs=1)


def test_note_and_question_are_added_with_and_without_scripts(desk):
    scenario, section = Scenario.objects.get(code="online-booking"), Section.objects.first()
    for row, group, name, texts in (
        (scenario, "#notes-group", "notes", {"code": "new-note", "body": "新しい注"}),
        (section, "#questions-group", "questions", {"code": "new-one", "question": "なぜ？", "answer": "こうです。"}),
    ):
        desk.goto(form_of(row))
        adding = desk.locator(f"{group} .add-row a, {group} .inline-blank > summary").locator("visible=true")
        adding.click()
        for field, text in texts.items():
            desk.locator(f"{group} [name^={name}-][name$=-{field}]:visible").last.fill(text)
        saved(desk)
    assert scenario.notes.get().body == "新しい注"
    assert Question.objects.get(code="new-one").section == section


# --- Dragging --------------------------------------------------------------------------------------------------------


def drag(desk: Page, code: str, onto: str, aside: int = 0) -> None:
    """Drag a scenario by its dots to just below another one, with the pointer so many pixels aside."""
    start = desk.locator(f"[data-move='scenarios:{code}'] > .outline-row .outline-handle").bounding_box()
    end = desk.locator(f"[data-move='scenarios:{onto}'] > .outline-row").bounding_box()
    x, y = start["x"] + start["width"] / 2, start["y"] + start["height"] / 2
    desk.mouse.move(x, y)
    desk.mouse.down()
    desk.mouse.move(x + aside, y + 4, steps=4)
    desk.mouse.move(x + aside, end["y"] + end["height"] * 0.9, steps=12)
    with desk.expect_response(lambda response: response.request.method == "POST"):
        desk.mouse.up()


@with_scripts
@pytest.mark.parametrize("aside", [0, 60])
def test_scenario_dragged_two_rows_down_is_there_after_a_reload(desk, aside):
    section = Scenario.objects.get(code="online-booking").section
    codes = list(section.scenarios.values_list("code", flat=True))
    desk.goto(f"/admin/arrange/{section.page_id}/")
    drag(desk, codes[0], onto=codes[2], aside=aside)
    expect(desk.locator("#outline-status")).to_have_text(re.compile("3"))
    desk.reload()
    moved = [codes[1], codes[2], codes[0]]
    rows = desk.locator(f"ol[data-kind=scenarios][data-inside='{section.code}'] > li")
    assert [row.get_attribute("data-move") for row in rows.all()][:3] == [f"scenarios:{code}" for code in moved]
    assert list(section.scenarios.values_list("code", flat=True))[:3] == moved


@with_scripts
def test_scenario_dragged_into_another_section_is_there_after_a_reload(desk):
    scenario = Scenario.objects.get(code="online-booking")
    others = Scenario.objects.filter(section__page=scenario.section.page).exclude(section=scenario.section)
    target = others.first()
    desk.goto(f"/admin/arrange/{scenario.section.page_id}/")
    drag(desk, scenario.code, onto=target.code)
    desk.reload()
    inside = desk.locator(f"ol[data-inside='{target.section.code}'] [data-move='scenarios:{scenario.code}']")
    expect(inside).to_have_count(1)


# --- A log-out in the middle ---------------------------------------------------------------------------------------


def test_log_out_in_the_middle_loses_nothing_that_was_typed(desk):
    scenario, text = Scenario.objects.get(code="online-booking"), "三十分かけて書いた文章"
    desk.goto(form_of(scenario))
    desk.locator("textarea[name=body]").fill(text)
    desk.locator("textarea[name=body_en]").fill("Written anew")
    desk.context.clear_cookies(name="sessionid")
    desk.locator("input[name=_save]").first.click()
    expect(desk.locator(".messages")).to_contain_text("保存されていません")
    log_in(desk, "editor")
    expect(desk.locator(".kept-note")).to_contain_text("まだ保存されていません")
    expect(desk.locator("textarea[name=body]")).to_have_value(text)
    expect(desk.locator("textarea[name=body_en]")).to_have_value("Written anew")
    scenario.refresh_from_db()
    assert scenario.body != text
    saved(desk)
    scenario.refresh_from_db()
    assert scenario.body == text


# --- Narrow screens --------------------------------------------------------------------------------------------------


@with_scripts
@pytest.mark.parametrize("path", ["/admin/pending/", "/en/admin/pending/", "/admin/packs/", "/en/admin/packs/"])
def test_forms_of_publishing_fit_a_narrow_screen_with_doubled_text(desk, path):
    Scenario.objects.filter(code="online-booking").update(title="オンライン予約")
    desk.set_viewport_size({"width": 320, "height": 700})
    desk.goto(path)
    desk.evaluate(PROBES)
    desk.evaluate("probes.doubleText()")
    assert desk.evaluate("probes.sideways()") == []
