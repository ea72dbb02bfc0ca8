"""The first page: two equal ways, a live example, tasks, and who runs the site."""

import pytest
from django.contrib.staticfiles import finders

from disclosures.content.working_copy import working_document
from disclosures.models import Link, Scenario, Site
from tests.support.content import publish_as_it_is
from tests.support.html import read

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_two_ways_are_offered_in_the_same_shape(client):
    ways = read(client.get("/")).one("p", cls="answers").all("a")
    assert [way["href"] for way in ways] == ["/where-provided/", "/my/"]
    assert {way["class"] for way in ways} == {"button"}


def test_example_is_the_first_scenario_as_published(client):
    Scenario.objects.filter(code="online-booking").update(recipient_kinds="予約した宿")
    publish_as_it_is()
    example = read(client.get("/")).one("figure", cls="live")
    assert [station.text for station in example.all("li")] == ["氏名 / メールアドレス", "じゃらんnet", "予約した宿"]
    assert example.one("a")["href"] == "/where-provided/#online-booking"


def test_site_without_scenarios_has_no_example(client):
    Scenario.objects.update(retired_at="2026-11-01T00:00Z")
    publish_as_it_is()
    page = read(client.get("/"))
    assert page.all("figure", cls="live") == [] and page.one("p", cls="answers").all("a")


def test_chip_of_an_item_leads_to_its_answer(client):
    chips = read(client.get("/")).one("ul", cls="chips").all("a")
    used = {code for entry in working_document()["scenarios"].values() for code in entry["items"]}
    *items, every = [chip["href"] for chip in chips]
    assert items and {address.partition("?item=")[2] for address in items} <= used
    assert every == "/where-provided/?by=item"


def test_head_and_foot_say_who_runs_the_site(client):
    Site.objects.update(operator_representative="代表 見本 はな")
    publish_as_it_is()
    page = read(client.get("/faq/"))
    assert "リクルート" in page.one("a", cls="brand").text
    foot = page.one("footer")
    assert foot.one("a", href="/contact/#operator").text == "リクルート" and "代表 見本 はな" in foot.text
    assert foot.one("a", href="https://www.recruit.co.jp/privacy/").text.endswith("プライバシーポリシー")


def test_foot_without_a_policy_or_a_representative_invents_none(client):
    Link.objects.filter(code="privacy-policy").delete()
    publish_as_it_is()
    foot = read(client.get("/faq/")).one("footer").text
    assert "プライバシーポリシー" not in foot and "代表" not in foot


@pytest.mark.parametrize(
    ("path", "name"),
    [("/manifest.webmanifest", "プライバシーセンター"), ("/en/manifest.webmanifest", "Privacy Center")],
)
def test_manifest_has_the_name_of_the_site_and_pictures_that_are_there(client, path, name):
    response = client.get(path)
    assert response["Content-Type"].startswith("application/manifest+json")
    told = response.json()
    assert told["name"] == name and told["start_url"] == path.removesuffix("manifest.webmanifest")
    assert all(finders.find(icon["src"].removeprefix("/static/")) for icon in told["icons"])


def test_home_names_its_manifest_and_every_page_its_touch_icon(client):
    assert read(client.get("/en/")).one("link", rel="manifest")["href"] == "/en/manifest.webmanifest"
    icon = read(client.get("/faq/")).one("link", rel="apple-touch-icon")["href"]
    assert finders.find(icon.removeprefix("/static/"))


def test_password_managers_find_where_a_password_is_changed(client):
    response = client.get("/.well-known/change-password")
    assert (response.status_code, response["Location"]) == (302, "/accounts/password/change/")
