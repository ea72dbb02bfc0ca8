"""Words that mean the same are kept at the desk, and its search fields compare as the public search does."""

import pytest

from disclosures.models import Country, Recipient, Service, Synonyms
from disclosures.packs.actions import load_content
from disclosures.packs.queries import content_pack
from disclosures.packs.schema import SynonymsEntry
from disclosures.publishing.actions import publish_content
from disclosures.writing.actions import written_down
from tests.support.html import read

pytestmark = pytest.mark.django_db

ADD = "/admin/disclosures/synonyms/add/"


def add(client, **values):
    return client.post(ADD, {"line": "", "task": "", "code": "x-lodging", "position": "", **values})


def test_line_is_kept_and_told_in_the_record_of_changes(as_editor, client):
    assert add(as_editor, line="旅籠 = 木賃宿 = hostel", task="holders").status_code == 302
    row = Synonyms.objects.get(code="x-lodging")
    assert (row.line, row.task) == ("旅籠 = 木賃宿 = hostel", "holders")
    publication = publish_content(by=None)
    page = read(client.get(f"/changes/{publication.number}/"))
    assert "旅籠 = 木賃宿 = hostel" in page.text and "同じ意味の言葉" in page.text


@pytest.mark.parametrize("line", ["", "旅籠", " = = ", "旅籠 = 旅籠", "旅籠 = \u202e木賃宿"])
def test_line_that_says_nothing_is_refused_where_it_stands(as_editor, line):
    response = add(as_editor, line=line)
    assert response.status_code == 200 and read(response).all("ul", cls="errorlist")
    assert not Synonyms.objects.filter(code="x-lodging").exists()


@pytest.mark.parametrize("line", ["旅籠", "=", "x" * 600 + " = y"])
def test_pack_with_a_line_that_says_nothing_is_refused(line):
    with pytest.raises(ValueError, match="line"):
        SynonymsEntry(code="x", line=line)


def test_what_is_exported_loads_as_no_change():
    pack = content_pack()
    assert len(pack.synonyms) == Synonyms.objects.count() > 40
    assert load_content(pack=pack).total() == 0


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("高島", "髙島屋"),
        ("ﾀｶｼﾏ", "タカシマ"),
        ("葛城", "葛\U000e0100城"),
        ("株式会社あおぞら", "㈱あおぞら"),
        ("takashima", "高田"),
    ],
)
def test_desk_finds_what_no_keyboard_can_type(as_editor, typed, title):
    with written_down({"recipients": {"x"}}, by=None):
        Recipient.objects.create(
            code="x", title=title, country=Country.objects.get(code="JP"), i18n={"title_en": "Takashima"}
        )
    page = read(as_editor.get("/admin/disclosures/recipient/", {"q": typed}))
    assert title in page.text


def test_desk_finds_nothing_where_a_word_is_missing(as_editor):
    title = Service.objects.first().title
    page = read(as_editor.get("/admin/disclosures/service/", {"q": f"{title} 無い言葉"}))
    assert title not in page.one("form", id="changelist-form").text
