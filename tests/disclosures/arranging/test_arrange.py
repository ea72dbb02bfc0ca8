"""Arranging: the order on the pages, moved with a button, at the same time by two, and by those who may."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from disclosures.models import Page, Revision, Scenario, Section
from tests.support.html import read
from tests.support.people import client_of, make_user


@pytest.fixture
def page(db) -> Page:
    """A page with sections one, two, three; in one the scenarios a, b, c."""
    page = Page.objects.create(code="arranged", title="並べるページ", position=90)
    for number, code in enumerate(["one", "two", "three"]):
        Section.objects.create(code=code, page=page, title=code, position=number)
    for number, code in enumerate(["a", "b", "c"]):
        section = Section.objects.get(code="one")
        Scenario.objects.create(code=f"scene-{code}", section=section, title=code, body="文", ground=1, position=number)
    return page


def address(page) -> str:
    return f"/admin/arrange/{page.pk}/"


def seen(client, path) -> str:
    return read(client.get(path)).one("input", name="seen")["value"]


def move(client, page, what, **more):
    path = address(page)
    return client.post(path, {"seen": seen(client, path), "move": what, **more})


def sections(page) -> list[str]:
    return [row.code for row in page.sections.filter(parent=None)]


def scenarios(section) -> list[str]:
    return [row.code for row in Scenario.objects.filter(section__code=section)]


@pytest.mark.django_db
def test_section_moves_up_and_down(as_editor, page):
    move(as_editor, page, "sections:two:up")
    assert sections(page) == ["two", "one", "three"]
    move(as_editor, page, "sections:two:down")
    assert sections(page) == ["one", "two", "three"]


@pytest.mark.django_db
def test_what_was_moved_is_where_the_editor_comes_back_to_and_is_told(as_editor, page):
    response = move(as_editor, page, "sections:two:up")
    assert response["Location"] == address(page) + "#sections-two"
    assert "1" in read(as_editor.get(address(page))).one(cls="messagelist").text


@pytest.mark.django_db
def test_scenario_moves_to_a_place(as_editor, page):
    move(as_editor, page, "scenarios:scene-c:0")
    assert scenarios("one") == ["scene-c", "scene-a", "scene-b"]
    move(as_editor, page, "scenarios:scene-c:99")
    assert scenarios("one") == ["scene-a", "scene-b", "scene-c"]


@pytest.mark.django_db
def test_scenario_moves_to_another_section(as_editor, page):
    move(as_editor, page, "scenarios:scene-a:into", **{"into:scenarios:scene-a": "two"})
    assert (scenarios("one"), scenarios("two")) == (["scene-b", "scene-c"], ["scene-a"])


@pytest.mark.django_db
def test_scenario_dragged_to_another_section_has_its_place_there(as_editor, page):
    move(as_editor, page, "scenarios:scene-a:into", **{"into:scenarios:scene-a": "two"})
    move(as_editor, page, "scenarios:scene-b:0", section="two")
    assert scenarios("two") == ["scene-b", "scene-a"]


@pytest.mark.django_db
def test_move_is_written_down(as_editor, editor, page):
    move(as_editor, page, "scenarios:scene-a:into", **{"into:scenarios:scene-a": "two"})
    newest = Revision.objects.filter(kind="scenarios", code="scene-a").first()
    assert newest.changed_by == editor
    assert (newest.before["section"], newest.after["section"]) == ("one", "two")


@pytest.mark.django_db
def test_move_past_an_end_changes_nothing(as_editor, page):
    move(as_editor, page, "sections:one:up")
    move(as_editor, page, "sections:three:down")
    assert sections(page) == ["one", "two", "three"]


@pytest.mark.django_db
def test_stale_order_is_told_and_nothing_moves(as_editor, page):
    old = seen(as_editor, address(page))
    move(as_editor, page, "sections:two:up")
    response = as_editor.post(address(page), {"seen": old, "move": "sections:three:up"}, follow=True)
    assert sections(page) == ["two", "one", "three"]
    assert read(response).one(cls="messagelist").one(cls="warning").text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "what",
    [
        "", "x", "sections:two:sideways", "sections:nothing:up", "pages:arranged:up", "nothing:two:up",
        "scenarios:online-booking:up", "sections:two:-1", "sections:two:99999",
    ],
)  # fmt: skip
def test_move_that_makes_no_sense_moves_nothing(as_editor, page, what):
    assert move(as_editor, page, what).status_code == 302
    assert sections(page) == ["one", "two", "three"]


@pytest.mark.django_db
def test_scenario_goes_to_no_section_of_another_page(as_editor, page):
    move(as_editor, page, "scenarios:scene-a:into", **{"into:scenarios:scene-a": "scenarios"})
    assert "scene-a" in scenarios("one")


@pytest.mark.django_db
def test_pages_are_arranged(as_editor, page):
    path = "/admin/arrange/"
    as_editor.post(path, {"seen": seen(as_editor, path), "move": "pages:arranged:0"})
    assert Page.objects.first().code == "arranged"


@pytest.mark.django_db
def test_outline_of_a_page_that_is_not_there_is_not_found(as_editor):
    assert as_editor.get("/admin/arrange/99999/").status_code == 404


@pytest.mark.django_db
def test_officer_and_publisher_see_the_order_and_cannot_change_it(as_officer, publisher, as_editor, page):
    mark = seen(as_editor, address(page))
    for client in (as_officer, client_of(publisher)):
        assert read(client.get(address(page))).one(id="outline").all("button") == []
        assert client.post(address(page), {"seen": mark, "move": "sections:two:up"}).status_code == 403
    assert sections(page) == ["one", "two", "three"]


@pytest.mark.concurrency
def test_of_two_moves_at_the_same_moment_one_is_told(world, page):
    from django.contrib.auth.models import Group

    clients = []
    for name in ("aoi", "ren"):
        user = make_user(name, is_staff=True)
        user.groups.add(Group.objects.get(name="editors"))
        clients.append(client_of(user))
    mark, barrier = seen(clients[0], address(page)), Barrier(2)

    def post(client, what):
        try:
            barrier.wait()
            client.post(address(page), {"seen": mark, "move": what})
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(post, clients, ("sections:two:up", "sections:three:up")))
    assert sections(page) in (["two", "one", "three"], ["one", "three", "two"])
