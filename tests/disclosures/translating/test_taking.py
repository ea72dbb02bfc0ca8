"""A file from a translator: compared word by word, then taken as it was compared, all of it or nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from disclosures.content.held_copy import held_copy
from disclosures.content.working_copy import working_document
from disclosures.models import Exclusion, Note, OlderTranslation, Revision, Scenario, Site
from disclosures.translating import csv_file, forms, views, xliff
from disclosures.translating.comparing import compared
from disclosures.translating.queries import units_wanted
from disclosures.translating.returned import LARGEST_FILE, Returned, ReturnedUnit
from disclosures.translating.units import Wanted
from privacycenter.canonical import sha256_of
from tests.support.desk import online_booking, save
from tests.support.html import filled_in, read

pytestmark = pytest.mark.django_db

TAKE = "/admin/translations/take/"
TITLE, BODY = "scenarios/online-booking/title", "scenarios/online-booking/body"


def file_with(module=xliff, **changed: str) -> bytes:
    """A file with all English texts as it is downloaded now, some of them translated anew (by field of the situation)."""
    content = module.written(
        ((unit, "", []) for unit in units_wanted(working_document(), "en", wanted=Wanted.ALL)), "en"
    )
    returned = module.read(content)
    units = [
        ReturnedUnit(one.id, "", one.source, changed[one.id], one.source_sha256, one.target_sha256)
        for one in returned.units
        if one.id in changed
    ]
    return as_csv(units)


def as_csv(units, language="en") -> bytes:
    lines = [["id", "source:ja", f"target:{language}", "source_sha256", "target_sha256"]]
    lines += [[one.id, one.source, one.target, one.source_sha256, one.target_sha256] for one in units]
    return csv_file.written_lines(lines)


def upload(client, content: bytes, language="en", name="t.csv"):
    return client.post(TAKE, {"language": language, "file": SimpleUploadedFile(name, content)})


def taken(client, page, **more):
    form = next(form for form in page.all("form") if form.all(name="compared"))
    return client.post(TAKE, {**filled_in(form), **more})


def reasons(page) -> list[str]:
    rows = page.one("section", cls="findings").one("tbody").all("tr")
    return [row.all("td")[1].text for row in rows]


def english(field="title") -> str:
    return Scenario.objects.get(code="online-booking").texts(field)["en"]


def test_file_is_compared_word_by_word_and_changes_nothing_yet(as_editor):
    before = english()
    page = read(upload(as_editor, file_with(**{TITLE: f"{before} today"})))
    article = page.one("article")
    assert article.one("ins").text.endswith("today") and article.one("code").text == TITLE
    assert english() == before


def test_compared_file_is_taken_with_a_revision_by_the_editor(as_editor, editor):
    before = english()
    page = read(upload(as_editor, file_with(**{TITLE: "Book on the web", BODY: "When you book, the inn gets it."})))
    assert taken(as_editor, page)["Location"] == "/admin/translations/?language=en"
    assert (english(), english("body")) == ("Book on the web", "When you book, the inn gets it.")
    revision = Revision.objects.filter(code="online-booking").first()
    assert revision.changed_by == editor and revision.before["title"]["en"] == before
    assert held_copy().document == working_document()


@pytest.mark.parametrize("name", ["note", "exclusion", "site"])
def test_texts_inside_entries_and_of_the_site_are_taken(as_editor, name):
    row = {"note": Note, "exclusion": Exclusion, "site": Site}[name].objects.first()
    assert row is not None
    place = {
        "note": lambda: f"scenarios/{row.scenario.code}/notes/{row.code}",
        "exclusion": lambda: f"scenarios/{row.scenario.code}/exclusions/{row.service.code}/{row.item.code}",
        "site": lambda: "site/site/title",
    }[name]()
    page = read(upload(as_editor, file_with(**{place: "A new translation"})))
    assert taken(as_editor, page).status_code == 302
    row.refresh_from_db()
    assert "A new translation" in row.i18n.values()


def test_taken_translation_is_not_older_any_more(as_editor):
    save(as_editor, online_booking(), title="ネットでの予約")
    page = read(upload(as_editor, file_with(**{TITLE: "Booking on the web"})))
    assert page.all(name="doubtful") == []
    taken(as_editor, page)
    assert not OlderTranslation.objects.exists()


def test_text_changed_since_the_file_was_made_is_taken_only_if_chosen(as_editor):
    file = file_with(**{TITLE: "Booking on the web", BODY: "New body."})
    save(as_editor, online_booking(), title="ネットでの予約")
    page = read(upload(as_editor, file))
    assert page.one("section", **{"aria-labelledby": "doubtful"}).one("code").text == TITLE
    taken(as_editor, page)
    assert (english(), english("body")) != ("Booking on the web", "New body.") and english("body") == "New body."
    page = read(upload(as_editor, file))
    taken(as_editor, page, doubtful="on")
    assert english() == "Booking on the web"


def test_translation_changed_at_the_desk_since_is_told(as_editor):
    file = file_with(**{TITLE: "Booking on the web"})
    save(as_editor, online_booking(), title_en="Changed at the desk")
    page = read(upload(as_editor, file))
    assert page.one("p", cls="doubt").text == "ファイルを作った後に、翻訳が変わっています。"


def test_other_links_than_in_the_japanese_are_told(as_editor):
    save(as_editor, online_booking(), body="[規約](/faq/)を見る。", body_en="See [the terms](/faq/).")
    page = read(upload(as_editor, file_with(**{BODY: "See [the terms](https://example.com/)."})))
    told = [doubt.text for doubt in page.all("p", cls="doubt")]
    assert len(told) == 2 and "/faq/" in told[0] and "https://example.com/" in told[1]


WRONG = {
    "no such text": (ReturnedUnit("scenarios/nothing/title", "", "", "x"), "この文章はない"),
    "no name": (ReturnedUnit("", "", "", "x"), "この文章はない"),
    "heading": (ReturnedUnit(BODY, "", "", "# x"), "見出し"),
    "picture": (ReturnedUnit(BODY, "", "", "![x](/x.png)"), "画像"),
    "HTML": (ReturnedUnit(BODY, "", "", "a <b>x</b>"), "HTML"),
    "link to nothing": (ReturnedUnit(BODY, "", "", "[x](/nowhere/)"), "/nowhere/"),
    "hidden host": (ReturnedUnit(BODY, "", "", "[x](//evil.example)"), "//evil.example"),
    "order": (ReturnedUnit(TITLE, "", "", "a\u202eb"), "順"),
    "nothing seen": (ReturnedUnit(TITLE, "", "", "\u200b"), "文字"),
    "control": (ReturnedUnit(TITLE, "", "", "a\x00b"), "制御文字"),
    "two lines": (ReturnedUnit(TITLE, "", "", "a\nb"), "1行"),
    "too long": (ReturnedUnit(TITLE, "", "", "x" * 201), "200文字"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_text_that_cannot_be_taken_is_named_and_the_others_are_offered(as_editor, wrong):
    unit, told = WRONG[wrong]
    right = ReturnedUnit("services/jalan/title", "", "じゃらんnet", "Jalan on the net")
    page = read(upload(as_editor, as_csv([unit, right])))
    assert told in " ".join(reasons(page))
    assert [one.text for one in page.all("code") if one.parent.tag == "h3"] == ["services/jalan/title"]


def test_text_that_is_there_twice_is_refused(as_editor):
    twice = [ReturnedUnit(TITLE, "", "", word) for word in ("One", "Two")]
    assert len(reasons(read(upload(as_editor, as_csv(twice))))) == 2


def test_what_is_empty_or_the_same_is_counted_and_left(as_editor):
    same, empty = english(), ""
    found = compared(
        Returned("en", [ReturnedUnit(TITLE, "", "", same), ReturnedUnit(BODY, "", "", empty)]), working_document(), "en"
    )
    assert (found.unchanged, found.empty, found.proposed, found.problems) == (1, 1, [], [])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (as_csv([ReturnedUnit(TITLE, "", "", "x")], language="ko"), "ko"),
        (b"<xliff", "XML"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"nothing", "1行目"),
    ],
)
def test_file_in_another_language_or_of_another_kind_is_refused(as_editor, content, told):
    answer = upload(as_editor, content)
    assert answer.status_code == 422 and told in " ".join(reasons(read(answer)))
    assert read(answer).all(name="compared") == []


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"language": "fr"}, ""),
        ({}, "ファイルを選んでください"),
        ({"file": SimpleUploadedFile("t.csv", b"x" * (LARGEST_FILE + 1))}, "5 MiB"),
    ],
)
def test_form_that_cannot_be_read_says_so(as_editor, sent, told):
    answer = as_editor.post(TAKE, {"language": "en", **sent})
    assert answer.status_code == 422 and told in read(answer).all(cls="errorlist")[-1].text


def test_file_too_large_for_the_page_is_refused(as_editor, monkeypatch):
    monkeypatch.setattr(views, "LARGEST_COMPARED", 10)
    answer = upload(as_editor, file_with(**{TITLE: "New"}))
    assert answer.status_code == 422 and "大きすぎます" in " ".join(reasons(read(answer)))


def test_change_between_comparing_and_taking_takes_nothing(as_editor):
    page = read(upload(as_editor, file_with(**{TITLE: "New title", BODY: "New body."})))
    save(as_editor, online_booking(), body_en="Changed meanwhile.")
    answer = taken(as_editor, page)
    assert answer.status_code == 409 and BODY in read(answer).text
    assert english() != "New title" and english("body") == "Changed meanwhile."


def test_change_of_another_text_in_between_does_no_harm(as_editor):
    page = read(upload(as_editor, file_with(**{TITLE: "New title"})))
    save(as_editor, online_booking(), body_en="Changed meanwhile.")
    assert taken(as_editor, page).status_code == 302
    assert (english(), english("body")) == ("New title", "Changed meanwhile.")


def test_what_was_not_compared_here_is_not_taken(as_editor, monkeypatch):
    page = read(upload(as_editor, file_with(**{TITLE: "New title"})))
    for token in ("x", forms.signing.dumps({"language": "en", "units": []}, salt="another")):
        assert as_editor.post(TAKE, {"compared": token}).status_code == 422
    monkeypatch.setattr(forms, "COMPARED_FOR_SECONDS", -1)
    answer = taken(as_editor, page)
    assert answer.status_code == 422 and "時間がたった" in read(answer).text
    assert english() != "New title"


def test_only_the_first_differences_are_shown_and_all_are_taken(as_editor, monkeypatch):
    monkeypatch.setattr(views, "MOST_SHOWN", 1)
    page = read(upload(as_editor, file_with(**{TITLE: "New title", BODY: "New body."})))
    assert len(page.all("article")) == 1 and "2件のうち" in page.text
    taken(as_editor, page)
    assert (english(), english("body")) == ("New title", "New body.")


def test_downloaded_xliff_comes_back_unchanged(as_editor):
    content = as_editor.get("/admin/translations/file/", {"wanted": "all", "format": "xliff"}).content
    page = read(upload(as_editor, content, name="t.xlf"))
    assert page.all(name="compared") == [] and page.all("article") == []
    assert sha256_of(working_document()) == sha256_of(held_copy().document)
