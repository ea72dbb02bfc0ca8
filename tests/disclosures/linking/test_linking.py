"""What a text can link to is found by its name, and what is put into the text leads there."""

import pytest

from disclosures.content.held_copy import held_copy
from disclosures.content.working_copy import working_document
from disclosures.guard_rails.findings import findings
from disclosures.linking.queries import KINDS, linkables
from disclosures.models import Service
from tests.support.html import read
from tests.support.people import client_of, make_user
from tests.support.site_files import a_file, pdf_bytes, write_in_section

pytestmark = pytest.mark.django_db
LIST = "/admin/linkable/"


def markdown(**looked_for):
    return [one.markdown for one in linkables(working_document(), **looked_for)]


def test_everything_that_is_offered_leads_to_something_that_would_be_published():
    a_file(), a_file("policy", pdf_bytes(), title="方針")
    offered = linkables(working_document())
    assert {one.kind for one in offered} == set(KINDS)
    write_in_section("\n\n".join(one.markdown for one in offered))
    assert [one.message for one in findings(working_document()) if one.is_error] == []


@pytest.mark.parametrize(
    ("query", "kind", "found"),
    [
        ("ネット予約", "scenarios", "[ネット予約](/where-provided/#online-booking)"),
        ("online booking", "scenarios", "[ネット予約](/where-provided/#online-booking)"),
        ("じゃらん", "services", "[じゃらんnet](/services/jalan/)"),
        ("ﾎｰﾑ", "pages", "[ホーム](/)"),
        ("flow", "pictures", "![](picture:flow)"),
        ("本人から", "", "![](picture:flow)"),
        ("policy", "documents", "[方針](document:policy)"),
    ],
)
def test_is_found_by_its_name_in_any_language_and_by_its_code(query, kind, found):
    a_file(), a_file("policy", pdf_bytes(), title="方針")
    assert found in markdown(query=query, kind=kind)


def test_words_of_a_link_are_in_the_language_of_the_text():
    assert "[Online booking](/where-provided/#online-booking)" in markdown(kind="scenarios", language="en")


def test_title_with_brackets_stays_a_title():
    Service.objects.filter(code="jalan").update(title="じゃらん[net]*")
    (found,) = markdown(query="じゃらん", kind="services")
    assert found == r"[じゃらん\[net\]\*](/services/jalan/)"


def test_what_is_retired_is_not_offered(as_editor):
    row = Service.objects.get(code="jalan")
    as_editor.post(f"/admin/disclosures/service/{row.pk}/retire/")
    assert not any("/services/jalan/" in one for one in markdown(kind="services"))


def test_list_is_searched_and_paged_without_scripts(as_editor):
    page = read(as_editor.get(LIST))
    assert len(page.all("code", cls="link-markdown")) == 20 and page.one("a", rel="next")
    page = read(as_editor.get(LIST, {"q": "ネット予約", "kind": "scenarios", "language": "en"}))
    assert [one.text for one in page.all("code", cls="link-markdown")] == [
        "[Online booking](/where-provided/#online-booking)"
    ]


@pytest.mark.parametrize(
    "sent",
    [
        {"q": "無い言葉"},
        {"q": "x" * 200, "kind": "nonsense", "page": "-1"},
        {"language": "xx", "page": "many"},
        {"q": "\x00"},
    ],
)
def test_what_cannot_be_found_or_read_is_no_error(as_editor, sent):
    assert as_editor.get(LIST, sent).status_code == 200


def test_nothing_found_says_so(as_editor):
    assert "無い言葉" in read(as_editor.get(LIST, {"q": "無い言葉"})).one("main").text


def test_dialog_is_the_list_alone_with_buttons(as_editor):
    page = read(as_editor.get(LIST, {"in": "dialog", "q": "ネット予約", "kind": "scenarios"}))
    (button,) = [one for one in page.all("button") if one["data-after"]]
    assert (button["data-before"], button["data-words"], button["data-after"]) == (
        "[", "ネット予約", "](/where-provided/#online-booking)",
    )  # fmt: skip
    assert not page.all("header")


def test_list_costs_what_the_held_copy_costs(as_editor, django_assert_max_num_queries):
    held_copy()
    with django_assert_max_num_queries(45):
        as_editor.get(LIST, {"in": "dialog"})


def test_list_is_for_who_reads_the_content(as_hanako, client):
    assert as_hanako.get(LIST).status_code in (302, 403)
    assert client.get(LIST).status_code == 302
    assert client_of(make_user("clerk", is_staff=True)).get(LIST).status_code == 403


def test_each_text_in_markdown_leads_to_the_list(as_editor):
    section = write_in_section("文。")
    page = read(as_editor.get(f"/admin/disclosures/section/{section.pk}/change/"))
    area = page.one("textarea", name="body_en")
    assert area["data-link-chooser"] == LIST and area["data-link-label"] and area["lang"] == "en"
    assert page.all("a", href=LIST)
