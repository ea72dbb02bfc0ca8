"""The public record of changes: every publication, and what each of them changed."""

import pytest

from disclosures.changes import queries
from disclosures.models import Publication, Service
from disclosures.publishing.actions import publish_content
from tests.support.content import retitle
from tests.support.html import read

pytestmark = pytest.mark.django_db


def test_record_of_changes_lists_every_publication_newest_first(client):
    retitle("オンライン予約")
    publish_content(by=None, reason="わかりやすく")
    main = read(client.get("/changes/")).one("main")
    addresses = [link["href"] for link in main.one("ol", cls="rows").all("a")]
    assert addresses == [f"/changes/{one.number}/" for one in Publication.objects.order_by("-number")]
    assert "わかりやすく" in main.text


def test_record_of_changes_has_pages(client, monkeypatch):
    monkeypatch.setattr(queries, "PER_PAGE", 1)
    retitle()
    publish_content(by=None)
    newest = Publication.objects.newest().number
    for query, number in (("", newest), ("?page=1", newest), ("?page=2", newest - 1)):
        rows = read(client.get(f"/changes/{query}")).one("main").one("ol", cls="rows").all("a")
        assert [link["href"] for link in rows] == [f"/changes/{number}/"]
    for wrong in ("02", "x", "0", "-1", str(newest + 1), "9" * 50, "%00"):
        assert client.get(f"/changes/?page={wrong}").status_code == 404


def test_small_publication_is_open_to_read(client):
    retitle("オンライン予約")
    publish_content(by=None)
    main = read(client.get(f"/changes/{Publication.objects.newest().number}/")).one("main")
    [entry] = main.all("details", cls="fold")
    assert "open" in entry.attributes and entry["id"] == "scenarios-online-booking" and "オンライン予約" in entry.text
    assert not main.all(id="at-a-glance")


def test_large_publication_is_folded_and_summed_up_by_kind(client):
    for number in range(5):
        Service.objects.create(code=f"cave-{number}", title=f"洞窟{number}", field="洞窟", position=number)
    Service.objects.filter(code="zexy").update(title="ゼクシイ")
    retitle("オンライン予約")
    publish_content(by=None)
    main = read(client.get(f"/changes/{Publication.objects.newest().number}/")).one("main")
    lines = main.one("nav", **{"aria-labelledby": "at-a-glance"}).one("ul", cls="rows").all("li")
    assert [line.text for line in lines] == ["提供シーン 変更 1件", "サービス 追加 5件 · 変更 1件"]
    assert [line.one("a")["href"] for line in lines] == ["#scenarios", "#services"]
    entries = main.all("details", cls="fold")
    assert len(entries) == 7 and not any("open" in entry.attributes for entry in entries)
    assert all(main.all("section", id=line.one("a")["href"][1:]) for line in lines)


def test_first_publication_lists_everything_by_kind_without_its_fields(client):
    pages = [read(client.get(f"/changes/1/?page={page}")).one("main") for page in (1, 2, 3, 4)]
    links = [link["href"] for main in pages for part in main.all("section", id="scenarios") for link in part.all("a")]
    assert "/where-provided/#online-booking" in links
    assert not [main for main in pages if main.all("ins")]


def test_publication_shows_its_hash(client):
    newest = Publication.objects.newest()
    assert read(client.get(f"/changes/{newest.number}/")).one("main").one("code").text == newest.sha256
