"""The public lists of recipients: as they are while there are few, paged and searched when there are many."""

from unittest import mock

import pytest

from disclosures.models import Recipient, Scenario
from disclosures.public import page_cache, reader, recipient_lists
from disclosures.publishing.actions import publish_content
from tests.support.html import read

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def codes_on(client, path):
    return [one["id"] for one in read(client.get(path)).one("main").all("li") if one["id"]]


@pytest.fixture
def two_on_a_page():
    with mock.patch.multiple(recipient_lists, PER_PAGE=2, ABROAD_PER_PAGE=2):
        yield


def test_few_recipients_have_no_search_and_no_pages(client):
    page = read(client.get("/recipients/")).one("main")
    assert not page.all("form") and not page.all("nav", cls="pager")


def test_many_are_paged_and_keep_what_was_searched(client, two_on_a_page):
    first = read(client.get("/recipients/")).one("main")
    assert first.one("form", role="search") and len(first.all("section")[0].all("li")) == 2
    every = read(client.get("/recipients/?q=a")).one("nav", cls="pager").one("a", rel="next")
    assert every["href"] == "?q=a&page=2"


def test_search_compares_every_language_however_it_is_written(client, two_on_a_page):
    Recipient.objects.filter(code="minato-inn").update(title="ミナトノヤド", i18n={"title_en": "Harbour House"})
    publish_content(by=None)
    for q in ("みなとのやど", "ﾐﾅﾄﾉﾔﾄﾞ", "HARBOUR", "minato-inn"):
        assert codes_on(client, f"/recipients/?q={q}")[:1] == ["minato-inn"]


def test_search_without_a_hit_says_so(client, two_on_a_page):
    page = read(client.get("/en/recipients/?q=nobodyhasthis")).one("main").text
    assert "No recipient has all of these words." in page and "0 recipients found." in page


def test_situation_lists_those_that_it_names_wherever_they_are(client):
    row = Scenario.objects.get(code="online-booking")
    row.recipients.set(Recipient.objects.filter(code__in=["minato-inn", "northwind-analytics"]))
    publish_content(by=None)
    assert {*codes_on(client, "/recipients/?scenario=online-booking")} == {"minato-inn", "northwind-analytics"}
    assert client.get("/recipients/?scenario=nothing").status_code == 200


def test_situation_with_many_recipients_names_the_first_and_leads_to_the_rest(client):
    Scenario.objects.get(code="online-booking").recipients.set(Recipient.objects.all())
    publish_content(by=None)
    with mock.patch.object(reader, "MOST_NAMED", 1):
        scene = read(client.get("/en/where-provided/")).one(id="online-booking")
    assert scene.all("a", href="/en/recipients/?scenario=online-booking")


def test_abroad_each_page_has_the_systems_of_its_countries(client, two_on_a_page):
    first = read(client.get("/recipients/abroad/")).one("main")
    assert len(first.all("li")) >= 2 and first.one("nav", cls="pager").one("a", rel="next")["href"] == "?page=2"
    assert read(client.get("/recipients/abroad/?page=2")).one("main").all("h2")


def test_pages_are_kept_and_searches_push_none_of_them_out(client):
    client.get("/recipients/")
    client.get("/recipients/?q=a")
    assert (len(page_cache.kept_searches.pages), len(page_cache.kept.pages)) == (1, 1)
