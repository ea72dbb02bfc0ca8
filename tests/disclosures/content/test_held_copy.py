"""What the desk holds of the working copy: right after every way of changing it, and not made for pages without it."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from disclosures.content.changed_entries import changes_for_readers
from disclosures.content.held_copy import held_copy, newest_revision
from disclosures.content.publications import newest_document
from disclosures.content.working_copy import working_document
from disclosures.models import DataItem, Link, Page, Publication, Scenario, Section, Service
from disclosures.packs.actions import load_content
from disclosures.packs.queries import content_pack
from disclosures.packs.schema import Pack
from disclosures.packs.zips import zip_of
from disclosures.publishing.actions import publish_content, republish
from tests.support.desk import desk, form_on, save
from tests.support.html import filled_in, read
from tests.support.people import client_of, make_user

PACKS = "/admin/packs/"
LINK = {"title": {"ja": "新しいリンク"}, "address": "/faq/"}


# --- Every way of changing content -------------------------------------------------------------------------------------


def at(model, code, page) -> str:
    return desk(model, code).replace("/change/", f"/{page}/")


def take_theirs(client):
    """Two have one form open; the second takes the text of the first."""
    path = desk(Scenario, "review-author")
    mine = form_on(client, path)
    save(client, path, title="先に保存した題")
    shown = read(client.post(path, {**mine, "body": "あとから送った文", "_save": "on"}))
    again = filled_in(shown.one("form", id="scenario_form"))
    assert client.post(path, {**again, "take:title": "on", "_save": "on"}).status_code == 302


def arrange(client):
    path = f"/admin/arrange/{Page.objects.get(code='where-provided').pk}/"
    seen = read(client.get(path)).one("input", name="seen")["value"]
    client.post(path, {"seen": seen, "move": "scenarios:online-booking:down"})


def arrange_pages(client):
    path = "/admin/arrange/"
    seen = read(client.get(path)).one("input", name="seen")["value"]
    client.post(path, {"seen": seen, "move": "pages:where-provided:down"})


def delete_from_list(client):
    chosen = {"_selected_action": Link.objects.get(code="another-link").pk, "action": "delete_selected", "post": "yes"}
    client.post("/admin/disclosures/link/", chosen)


def load_at_the_desk(client):
    pack = content_pack()
    pack.links[0].title["ja"] = "題を変えたリンク"
    file = SimpleUploadedFile("pack.zip", zip_of(pack), "application/zip")
    shown = read(client.post(PACKS, {"pack": file}))
    client.post(PACKS, {"checked": shown.one("input", name="checked")["value"]})


WAYS = {
    "a text": lambda client: save(client, desk(Scenario, "online-booking"), title="オンライン予約"),
    "a new entry": lambda client: save(
        client, "/admin/disclosures/link/add/", code="new-link", title="新しいリンク", address="/faq/"
    ),
    "another new entry": lambda client: load_content(pack=Pack(links=[{"code": "another-link", **LINK}])),
    "a text inside a form": lambda client: save(
        client, desk(Section, "personal-information"), **{"definitions-0-term": "新しい用語"}
    ),
    "a row taken out of a form": lambda client: save(
        client, desk(Section, "personal-information"), **{"definitions-0-DELETE": "on"}
    ),
    "an item of a scenario": lambda client: save(
        client, desk(Scenario, "online-booking"), **{"scenario_items-0-DELETE": "on"}
    ),
    "a list of a scenario": lambda client: save(client, desk(Scenario, "online-booking"), services=[]),
    "a place in an order": lambda client: save(client, desk(Service, "jalan"), position="99"),
    "the other's text": take_theirs,
    "deleting": lambda client: client.post(at(Link, "new-link", "delete"), {"post": "yes"}),
    "deleting from a list": delete_from_list,
    "arranging": arrange,
    "arranging pages": arrange_pages,
    "retiring": lambda client: client.post(at(DataItem, "email", "retire")),
    "restoring": lambda client: client.post(at(DataItem, "email", "restore")),
    "a pack": load_at_the_desk,
}


def told(client) -> int:
    """How many changes the banner says wait."""
    banner = read(client.get("/admin/proposals/")).all(cls="pending-banner")
    return int(re.search(r"\d+", banner[0].text)[0]) if banner else 0


@pytest.fixture
def desk_client(world):
    return client_of(make_user("administrator", is_staff=True, is_superuser=True))


def test_banner_is_right_after_every_way_of_changing_content(desk_client):
    for name, change in WAYS.items():
        revision = newest_revision()
        change(desk_client)
        assert newest_revision() > revision, f"{name} leaves no revision"
        assert told(desk_client) == len(changes_for_readers(newest_document(), working_document())) > 0, name


def test_banner_follows_publications(desk_client):
    save(desk_client, desk(Scenario, "online-booking"), title="オンライン予約")
    assert told(desk_client) == 1
    publish_content(by=None)
    assert told(desk_client) == 0
    republish(publication=Publication.objects.get(number=1), by=None)
    # What was rolled back is kept in a set that is not in the working copy.
    assert told(desk_client) == 0
    save(desk_client, desk(Scenario, "online-booking"), "_publish", title="予約")
    assert told(desk_client) == 0


def test_change_that_is_taken_back_is_not_told(desk_client):
    assert told(desk_client) == 0
    with transaction.atomic():
        load_content(pack=Pack(links=[{"code": "new-link", **LINK}]))
        assert len(held_copy().document["links"]) > len(newest_document()["links"])
        transaction.set_rollback(True)
    assert told(desk_client) == 0 and "new-link" not in held_copy().document["links"]
    load_content(pack=Pack(links=[{"code": "another-link", **LINK}]))
    assert told(desk_client) == 1


def test_missing_translations_and_the_preview_follow_a_change(desk_client):
    desk_client.get("/admin/"), desk_client.get("/admin/preview/where-provided/")
    save(desk_client, desk(Scenario, "online-booking"), title="オンライン予約", title_en="")
    assert "オンライン予約 提供シーン 名称" in read(desk_client.get("/admin/translations/")).one("main").text
    assert "オンライン予約" in read(desk_client.get("/admin/preview/where-provided/")).text
    assert read(desk_client.get("/admin/")).all(cls="missing-mark")


# --- What it costs -----------------------------------------------------------------------------------------------------

# Only the whole document asks for all questions.
WHOLE = 'FROM "disclosures_question"'
# Statements of pages once they were opened; session and user are two of them, and whether a storm is on another. The
# list of cases has four for what its filters can be set to.
COSTS = {
    # One counts the messages of queues that were refused.
    "/admin/": 24,
    # Of these three note that it is open, one reads who else has it open, one drafts and one comments; five are about
    # change sets and translations.
    "/admin/disclosures/site/1/change/": 22,
    "/admin/translations/": 9,
    "/admin/coverage/": 8,
    "/admin/cases/": 10,
    "/admin/packs/": 5,
    "/admin/proposals/": 6,
}


def statements(client, path) -> list[str]:
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return [one["sql"] for one in found.captured_queries]


def test_pages_of_the_desk_do_not_read_all_content(desk_client):
    desk_client.get("/admin/")
    found = {path: statements(desk_client, path) for path in COSTS}
    assert [path for path, made in found.items() if any(WHOLE in sql for sql in made)] == []
    assert {path: len(made) for path, made in found.items() if len(made) > COSTS[path]} == {}


def test_save_reads_what_it_touches_and_the_next_pages_read_all_content_once(desk_client):
    path = desk(Scenario, "online-booking")
    form = {**form_on(desk_client, path), "title": "オンライン予約", "_save": "on"}
    with CaptureQueriesContext(connection) as saving:
        assert desk_client.post(path, form).status_code == 302
    assert not any(WHOLE in one["sql"] for one in saving.captured_queries)
    pages = [statements(desk_client, page) for page in ("/admin/", "/admin/translations/", "/admin/preview/")]
    assert sum(WHOLE in sql for made in pages for sql in made) == 1


@pytest.mark.parametrize("path", ["/admin/pending/", "/admin/packs/"])
def test_page_that_reads_all_content_does_so_once(desk_client, path):
    assert sum(WHOLE in sql for sql in statements(desk_client, path)) <= 1
