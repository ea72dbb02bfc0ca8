"""Fields that refer to other entries, when there are too many for a select."""

from unittest import mock

import pytest

from disclosures.editing import choosing
from disclosures.models import DataItem, Recipient, Scenario
from tests.support.desk import form_on, online_booking, save
from tests.support.html import read

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_select_takes_one():
    with mock.patch.object(choosing, "MOST_IN_A_SELECT", 1):
        yield


def test_form_holds_codes_and_names_instead_of_options(as_editor):
    page = read(as_editor.get(online_booking()))
    area = page.one("textarea", name="services")
    assert area.text.split()[0] == "jalan" and area["data-choose"] == "/admin/choose/services/"
    section = Scenario.objects.get(code="online-booking").section
    assert page.one("input", name="section")["value"] == f"{section.code} {section}"
    assert page.one("input", name="scenario_items-0-item")["value"].split()[0] == "name"
    assert not page.all("select", name="recipients")


def test_form_sent_untouched_changes_nothing(as_editor):
    before = [*Scenario.objects.get(code="online-booking").services.values_list("code", flat=True)]
    save(as_editor, online_booking())
    assert [*Scenario.objects.get(code="online-booking").services.values_list("code", flat=True)] == before
    assert "online-booking" not in read(as_editor.get("/admin/pending/")).one("main").text


def test_entries_are_named_by_code_by_line_or_by_name_in_any_language(as_editor):
    Recipient.objects.filter(code="minato-inn").update(title="湯宿 みなと")
    save(as_editor, "/admin/disclosures/recipient/add/", code="two", title="二番", title_en="Second", country="JP")
    lines = "minato-inn 湯宿 みなと\r\n\r\nnorthwind-analytics\r\nＳＥＣＯＮＤ\r\nminato-inn"
    save(as_editor, online_booking(), recipients=lines)
    named = Scenario.objects.get(code="online-booking").recipients.values_list("code", flat=True)
    assert {*named} == {"minato-inn", "northwind-analytics", "two"}


@pytest.mark.parametrize("line", ["nobody", "nobody 湯宿", "=cmd"])
def test_line_that_names_nothing_is_told_and_nothing_is_lost(as_editor, line):
    sent = {**form_on(as_editor, online_booking()), "recipients": f"minato-inn\n{line}", "_save": "on"}
    page = read(as_editor.post(online_booking(), sent))
    assert line in page.one("ul", cls="errorlist").text
    assert page.one("textarea", name="recipients").text.endswith(line)
    assert not Scenario.objects.get(code="online-booking").recipients.filter(code="minato-inn").exists()


def test_name_of_several_asks_for_the_code(as_editor):
    for code in ("one", "two"):
        save(as_editor, "/admin/disclosures/recipient/add/", code=code, title="同じ名前", country="JP")
    sent = {**form_on(as_editor, online_booking()), "recipients": "同じ名前", "_save": "on"}
    assert "one, two" in read(as_editor.post(online_booking(), sent)).one("ul", cls="errorlist").text


def test_item_is_added_by_its_name(as_editor):
    title = DataItem.objects.get(code="birth-date").title
    save(as_editor, online_booking(), **{"scenario_items-3-item": title, "scenario_items-3-position": "9"})
    items = Scenario.objects.get(code="online-booking").scenario_items.values_list("item__code", flat=True)
    assert "birth-date" in items


def test_item_that_another_editor_added_meanwhile_is_not_added_twice(as_editor):
    mine = form_on(as_editor, online_booking())
    save(as_editor, online_booking(), **{"scenario_items-3-item": "birth-date", "scenario_items-3-position": "9"})
    row = {"scenario_items-3-item": "birth-date", "scenario_items-3-position": "9"}
    page = read(as_editor.post(online_booking(), {**mine, **row, "_save": "on"}))
    values = [one["value"] for one in page.all("input") if (one["name"] or "").endswith("-item") and one["value"]]
    assert sum(value.split()[0] == "birth-date" for value in values) == 1


# --- What is offered while somebody types -----------------------------------------------------------------------------


def entries(client, q, kind="recipients"):
    response = client.get(f"/admin/choose/{kind}/", {"q": q})
    return [one["code"] for one in response.json()["entries"]]


def test_names_and_codes_of_both_languages_are_offered_however_they_are_written(as_editor):
    save(as_editor, "/admin/disclosures/recipient/add/", code="sazanami", title="ユヤド", title_en="Wave", country="JP")
    for q in ("ゆやど", "ﾕﾔﾄﾞ", "wave", "SAZA"):
        assert entries(as_editor, q) == ["sazanami"]
    assert entries(as_editor, "nothing like it") == [] and entries(as_editor, "") == []


def test_retired_entries_are_not_offered(as_editor):
    assert "minato-inn" in entries(as_editor, "minato")
    row = Recipient.objects.get(code="minato-inn")
    as_editor.post(f"/admin/disclosures/recipient/{row.pk}/retire/")
    assert "minato-inn" not in entries(as_editor, "minato")


def test_nobody_else_is_offered_anything(as_hanako, client, as_editor):
    for one in (as_hanako, client):
        assert one.get("/admin/choose/recipients/?q=a").status_code in (302, 403)
    assert as_editor.get("/admin/choose/people/?q=a").status_code == 404


def test_search_is_one_statement(as_editor, django_assert_num_queries):
    from disclosures.editing.entry_search import offered

    with django_assert_num_queries(1):
        offered("recipients", "minato")
