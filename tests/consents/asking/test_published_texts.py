"""What a person is asked, and what their pages name, comes from the publication: an editor's Save changes no word."""

import pytest

from consents.asking.requests import request_page
from disclosures.models import Country, DataItem, Recipient, Scenario, Service
from tests.support.content import publish_as_it_is
from tests.support.html import read

pytestmark = pytest.mark.django_db

NEW = "まだ公開していない名前"


def rename_everything(**more) -> None:
    """In the working copy, past the second person."""
    for model, code in (
        (Recipient, "northwind-analytics"), (Service, "jalan"), (Scenario, "survey-results"), (DataItem, "name"),
        (Country, "US"),
    ):  # fmt: skip
        model.objects.filter(code=code).update(title=NEW, i18n={})
    facts = {"business": NEW, "address": NEW, "contact": NEW, "measures": NEW}
    Recipient.objects.filter(code="northwind-analytics").update(**facts)
    Recipient.objects.filter(code="northwind-analytics").update(country=Country.objects.get(code="SG"), **more)


def test_saving_changes_no_word_of_an_open_request(hanako, open_request):
    before = request_page(hanako, open_request.id)
    rename_everything()
    now = request_page(hanako, open_request.id)
    assert (now.text, now.text_sha256) == (before.text, before.text_sha256)


def test_publishing_changes_the_words_of_an_open_request(hanako, open_request):
    rename_everything()
    publish_as_it_is()
    text = request_page(hanako, open_request.id).text
    assert text["recipient"]["title"] == text["service"]["title"] == text["scenario"]["title"] == NEW
    assert NEW in [item["title"] for item in text["items"]]
    assert (text["recipient"]["country"], text["recipient"]["measures"]) == ("SG", NEW)


PAGES = [
    "/my/", "/my/requests/", "/my/requests/{request}/", "/my/decisions/", "/my/recipients/",
    "/my/recipients/northwind-analytics/", "/my/disclosures/", "/my/notices/", "/my/rules/",
    "/my/rules/preview/?about=all:&setting=refuse",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_saving_changes_no_name_on_a_persons_page(as_hanako, open_request, disclosure, path):
    rename_everything()
    page = read(as_hanako.get(path.format(request=open_request.id)))
    assert NEW not in page.text


def test_saving_changes_no_name_on_the_page_of_an_answer(as_hanako, decision, withdrawal):
    rename_everything()
    for one in (decision, withdrawal):
        assert NEW not in read(as_hanako.get(f"/my/decisions/{one.id}/")).text


def test_country_on_the_page_is_the_published_one(as_hanako, open_request):
    rename_everything()
    assert "アメリカ合衆国" in read(as_hanako.get(f"/my/requests/{open_request.id}/")).one("main").text


def test_request_to_a_recipient_put_on_hold_says_so(as_hanako, open_request):
    Recipient.objects.filter(code="northwind-analytics").update(
        on_hold_from="2026-11-01T00:00:00Z", on_hold_reason="確認しています。"
    )
    publish_as_it_is()
    page = read(as_hanako.get(f"/my/requests/{open_request.id}/"))
    assert "提供を見合わせ" in page.one("div", cls="message").text
