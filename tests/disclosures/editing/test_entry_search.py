"""The desk's search over all content, and in its lists."""

import pytest

from disclosures.content.working_copy import MODELS, working_document
from disclosures.editing.entry_search import PER_KIND, search_page
from disclosures.models import Recipient, Scenario, SearchText
from tests.support.desk import desk, online_booking, save
from tests.support.html import read

pytestmark = pytest.mark.django_db


def found(client, **asked):
    return [one.text for one in read(client.get("/admin/search/", asked)).one("main").all("code")]


def test_every_entry_can_be_found():
    document = working_document()
    expected = {(kind, code) for kind in MODELS for code in document[kind]}
    assert {*SearchText.objects.values_list("kind", "code")} == expected


@pytest.mark.parametrize("q", ["online-booking", "ネット予約", "ﾈｯﾄ予約", "Online booking", "ONLINE  book"])
def test_situation_is_found_by_its_code_and_its_names(as_editor, q):
    assert "online-booking" in found(as_editor, q=q)


def test_change_is_found_at_once_and_what_it_replaced_no_longer(as_editor):
    save(as_editor, online_booking(), title_en="Wobble", title="ウォブル")
    assert found(as_editor, q="wobble") == ["online-booking"] == found(as_editor, q="うぉぶる")


def test_deleted_entry_is_found_no_longer(as_editor):
    save(as_editor, "/admin/disclosures/link/add/", code="wobble", title="ウォブル", address="/faq/")
    assert found(as_editor, q="wobble") == ["wobble"]
    row = MODELS["links"].objects.get(code="wobble")
    as_editor.post(f"/admin/disclosures/link/{row.pk}/delete/", {"post": "yes"})
    assert found(as_editor, q="wobble") == []


def test_hit_leads_to_its_form_and_its_preview(as_editor):
    links = [one["href"] for one in read(as_editor.get("/admin/search/?q=online-booking")).one("main").all("a")]
    assert "/admin/edit/scenarios/online-booking/" in links
    assert "/admin/preview/where-provided/#online-booking" in links


def test_many_of_a_kind_lead_to_a_list_of_that_kind(as_editor, editor):
    japan = Recipient.objects.get(code="minato-inn").country
    Recipient.objects.bulk_create(Recipient(code=f"w-{n}", title="宿", country=japan) for n in range(60))
    SearchText.objects.bulk_create(
        SearchText(kind="recipients", code=f"w-{n}", titles={"ja": "宿"}, text=f"\nw{n}\nwobble\n") for n in range(60)
    )
    page = search_page(editor, "wobble")
    assert (page.kinds[0].count, len(page.kinds[0].hits)) == (60, PER_KIND)
    assert len(found(as_editor, q="wobble", kind="recipients")) == 50
    assert len(found(as_editor, q="wobble", kind="recipients", page="2")) == 10


def test_search_costs_few_statements(editor, django_assert_max_num_queries):
    editor.get_all_permissions()
    with django_assert_max_num_queries(36):
        assert search_page(editor, "a").count > 20


def test_strangers_search_nothing(as_hanako, client):
    for one in (as_hanako, client):
        assert one.get("/admin/search/?q=a").status_code in (302, 403)


def test_form_without_a_search_looks_for_nothing(as_editor):
    assert as_editor.get("/admin/disclosures/site/?q=a", follow=True).status_code == 200


def test_list_is_searched_by_code_and_both_languages_in_one_statement(as_editor):
    save(as_editor, desk(Recipient, "minato-inn"), title_en="Wobble Inn")
    for q in ("wobble", "minato-inn", "ﾐﾅﾄ"):
        page = read(as_editor.get("/admin/disclosures/recipient/", {"q": q}))
        assert "minato-inn" in page.one("table", id="result_list").text
    assert Scenario.objects.exists()
