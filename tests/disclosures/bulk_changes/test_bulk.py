"""One field of many entries: chosen in a list, shown word by word, changed in one step, undone by its history."""

import pytest
from django.http import QueryDict

from disclosures.content.working_copy import working_document
from disclosures.models import Country, Question, Recipient, Revision, Scenario, Section
from tests.support.html import read
from tests.support.people import client_of

pytestmark = pytest.mark.django_db

SET = {"way": "set", "find": ""}


def choose(client, model, rows, query="", **more) -> str:
    """Choose rows in their list, and return the address of the page that follows."""
    path = f"/admin/disclosures/{model._meta.model_name}/{query}"
    chosen = {"action": "change_a_field", "_selected_action": [row.pk for row in rows], **more}
    response = client.post(path, chosen)
    assert response.status_code == 302
    return response["Location"]


def address(kind, codes, field, **more) -> str:
    query = QueryDict(mutable=True)
    query.setlist("code", codes)
    query.update({"field": field, "show": "1", **more})
    return f"/admin/bulk/{kind}/?{query.urlencode()}"


def press(client, path):
    page = read(client.get(path))
    return client.post(path, {"seen": page.one("input", name="seen")["value"]})


def recipients(count=4):
    return list(Recipient.objects.order_by("code")[:count])


def test_choice_of_some_entries_is_changed_and_undone(as_editor, editor):
    before, newest = working_document(), Revision.objects.first().pk
    rows = recipients()
    path = choose(as_editor, Recipient, rows)
    fields = [option["value"] for option in read(as_editor.get(path)).one("select", name="field").all("option")]
    assert "basis_abroad" in fields and not {"code", "position", "retired_at"} & set(fields)
    path += "&field=basis_abroad&show=1&value=consent"
    assert len(read(as_editor.get(path)).all("article")) == len(rows)
    done = as_editor.get(press(as_editor, path)["Location"])
    assert set(Recipient.objects.filter(pk__in=[row.pk for row in rows]).values_list("basis_abroad", flat=True)) == {
        "consent"
    }
    made = Revision.objects.filter(pk__gt=newest)
    assert {one.code for one in made} == {row.code for row in rows} and {one.changed_by for one in made} == {editor}
    undo = next(link["href"] for link in read(done).all("a") if link.text == "取り消す")
    press(as_editor, undo)
    assert working_document() == before


def test_all_that_a_list_finds_are_chosen(as_editor):
    country = Country.objects.get(code="JP")
    found = Recipient.objects.filter(country=country)
    path = choose(as_editor, Recipient, recipients(1), f"?country__id__exact={country.pk}", select_across="1")
    press(as_editor, f"{path}&field=is_example&show=1&value=no")
    assert set(found.values_list("is_example", flat=True)) == {False}
    others = Recipient.objects.exclude(country=country)
    assert others.exists() and set(others.values_list("is_example", flat=True)) == {True}


def test_words_are_replaced_in_one_language(as_editor):
    code = "online-booking"
    Scenario.objects.filter(code=code).update(title="宿の予約。宿の変更", i18n={"title_en": "宿 booking"})
    path = address("scenarios", [code], "title", language="ja", way="replace", find="宿", value="ホテル")
    assert [one.text for one in read(as_editor.get(path)).all("ins")] == ["ホテル", "ホテル"]
    press(as_editor, path)
    row = Scenario.objects.get(code=code)
    assert (row.title, row.i18n["title_en"]) == ("ホテルの予約。ホテルの変更", "宿 booking")


def test_text_is_set_in_one_language(as_editor):
    codes = list(Question.objects.values_list("code", flat=True)[:3])
    press(as_editor, address("questions", codes, "answer", language="en", value="See below.", **SET))
    assert {row.i18n["answer_en"] for row in Question.objects.filter(code__in=codes)} == {"See below."}


def test_reference_date_and_plain_text_are_changed(as_editor):
    codes = [row.code for row in recipients()]
    france = Country.objects.create(code="FR", title="フランス")
    press(as_editor, address("recipients", codes, "country", value=str(france.pk)))
    press(as_editor, address("recipients", codes, "basis_checked_on", value="2026-05-01"))
    press(as_editor, address("recipients", codes, "contact", value="mail@example.com", **SET))
    rows = Recipient.objects.filter(code__in=codes)
    said = {(row.country.code, f"{row.basis_checked_on}", row.contact) for row in rows}
    assert said == {("FR", "2026-05-01", "mail@example.com")}


def test_ground_of_situations_is_changed(as_editor):
    codes = list(Scenario.objects.exclude(ground=4).values_list("code", flat=True)[:2])
    press(as_editor, address("scenarios", codes, "ground", value="4"))
    assert set(Scenario.objects.filter(code__in=codes).values_list("ground", flat=True)) == {4}


def test_nothing_to_change_says_so(as_editor):
    path = address("scenarios", ["online-booking"], "title", language="ja", way="replace", find="ない言葉", value="x")
    page = read(as_editor.get(path))
    assert "ありません" in page.one("main").text and not page.all("input", name="seen")


@pytest.mark.parametrize(
    ("field", "said", "told"),
    [("title", {"language": "ja", "value": "", **SET}, "online-booking: "),
     ("title", {"language": "ja", "value": "長" * 201, **SET}, "online-booking: "),
     ("title", {"language": "ja", "value": "\u200b", **SET}, "online-booking: "),
     ("title", {"language": "", "value": "x", **SET}, ""),
     ("title", {"language": "ja", "value": "x", "way": "replace", "find": ""}, ""),
     ("ground", {"value": ""}, ""), ("ground", {"value": "99"}, ""), ("is_processed", {"value": "perhaps"}, "")],
)  # fmt: skip
def test_value_that_cannot_be_is_refused_at_its_field(as_editor, field, said, told):
    before = working_document()
    response = as_editor.get(address("scenarios", ["online-booking"], field, **said))
    page = read(response)
    assert response.status_code == 422 and page.all("ul", cls="errorlist") and not page.all("input", name="seen")
    assert told in page.one("main").text and working_document() == before


def test_change_that_contradicts_another_field_is_refused(as_editor):
    Scenario.objects.filter(code="online-booking").update(ground=2)
    response = as_editor.get(address("scenarios", ["online-booking"], "item_list", value="open"))
    assert response.status_code == 422 and Scenario.objects.get(code="online-booking").item_list != "open"


def test_somebody_faster_is_told_and_nothing_is_changed(as_editor):
    path = address("scenarios", ["online-booking"], "route", value="consent")
    seen = read(as_editor.get(path)).one("input", name="seen")["value"]
    Scenario.objects.filter(code="online-booking").update(title="別の人の題")
    assert "何も変更していません" in as_editor.post(path, {"seen": seen}, follow=True).content.decode()
    assert Scenario.objects.get(code="online-booking").route != "consent"


def test_more_than_the_most_are_refused(as_editor, monkeypatch):
    monkeypatch.setattr("disclosures.bulk_changes.views.MOST", 2)
    response = as_editor.get("/admin/bulk/recipients/?all=1&field=is_example&show=1&value=no")
    assert response.status_code == 422 and Recipient.objects.filter(is_example=True).exists()


def test_reader_may_not_change(publisher, as_hanako):
    path = address("scenarios", ["online-booking"], "route", value="consent")
    client = client_of(publisher)
    assert client.get(path).status_code == 403 and client.post(path, {"seen": ""}).status_code == 403
    assert as_hanako.get(path).status_code == 302


@pytest.mark.parametrize("path", ["nothing/", "site/", "scenarios/", "scenarios/?code=nothing"])
def test_address_without_entries_is_not_found(as_editor, path):
    assert as_editor.get(f"/admin/bulk/{path}").status_code == 404


def test_number_of_statements_grows_with_chunks_alone(as_editor, django_assert_max_num_queries):
    section = Section.objects.first()
    Question.objects.bulk_create(
        Question(code=f"q-{number}", section=section, question="問い", answer="答え") for number in range(400)
    )
    path = address("questions", [], "answer", language="ja", value="別の答え", **SET)
    path = path.replace("?", f"?all=1&list=section__id__exact%3D{section.pk}&")
    page = read(as_editor.get(path))
    seen = page.one("input", name="seen")["value"]
    with django_assert_max_num_queries(70):
        as_editor.post(path, {"seen": seen})
    assert Question.objects.filter(answer="別の答え").count() >= 400


@pytest.mark.parametrize("chosen", [["x"], ["9" * 30], ["-1"], ["1.0", "一"], ["\x00"], [""]])
def test_choice_that_names_no_row_is_one_of_nothing(as_editor, chosen):
    sent = {"action": "change_a_field", "_selected_action": chosen}
    page = as_editor.post("/admin/disclosures/scenario/", sent, follow=True)
    assert page.status_code == 200 and read(page).all("ul", cls="messagelist")


def test_of_a_choice_what_names_rows_is_chosen(as_editor):
    [row] = recipients(1)
    path = "/admin/disclosures/recipient/"
    sent = {"action": "change_a_field", "_selected_action": ["x", str(row.pk)]}
    assert f"code={row.code}" in as_editor.post(path, sent)["Location"]
