"""Two editors at once: the second is told, sees both texts, and overwrites only knowingly."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from disclosures.models import Definition, Revision, Scenario, Section
from tests.conftest import client_of, filled_in, make_user, read


def path_of(row) -> str:
    return f"/admin/disclosures/{row._meta.model_name}/{row.pk}/change/"


def opened(client, row) -> dict:
    page = read(client.get(path_of(row)))
    return filled_in(next(form for form in page.all("form") if (form["id"] or "").endswith("_form")))


@pytest.fixture
def scenario(db) -> Scenario:
    return Scenario.objects.get(code="online-booking")


@pytest.fixture
def as_writer(writer):
    return client_of(writer)


@pytest.mark.django_db
def test_second_to_save_is_told_who_changed_it_and_sees_both_texts(as_editor, as_writer, scenario):
    mine, theirs = opened(as_editor, scenario), opened(as_writer, scenario)
    as_writer.post(path_of(scenario), {**theirs, "body": "先に保存した文", "_save": "on"})
    page = read(as_editor.post(path_of(scenario), {**mine, "body": "あとから送った文", "_save": "on"}))
    assert "writer" in page.one(cls="errorlist").text
    assert page.one("textarea", name="body").text == "あとから送った文"
    assert "先に保存した文" in page.one(cls="other-text").text
    scenario.refresh_from_db()
    assert scenario.body == "先に保存した文"


@pytest.mark.django_db
def test_saving_again_overwrites_knowingly(as_editor, as_writer, scenario):
    mine, theirs = opened(as_editor, scenario), opened(as_writer, scenario)
    as_writer.post(path_of(scenario), {**theirs, "body": "先に保存した文", "_save": "on"})
    shown = read(as_editor.post(path_of(scenario), {**mine, "body": "あとから送った文", "_save": "on"}))
    again = filled_in(shown.one("form", id="scenario_form"))
    assert as_editor.post(path_of(scenario), {**again, "_save": "on"}).status_code == 302
    scenario.refresh_from_db()
    assert scenario.body == "あとから送った文"


@pytest.mark.django_db
def test_field_that_only_the_other_changed_keeps_the_others_text(as_editor, as_writer, scenario):
    mine, theirs = opened(as_editor, scenario), opened(as_writer, scenario)
    as_writer.post(path_of(scenario), {**theirs, "title_en": "Their title", "_save": "on"})
    shown = read(as_editor.post(path_of(scenario), {**mine, "body": "わたしの文", "_save": "on"}))
    again = filled_in(shown.one("form", id="scenario_form"))
    as_editor.post(path_of(scenario), {**again, "_save": "on"})
    scenario.refresh_from_db()
    assert (scenario.title_en, scenario.body) == ("Their title", "わたしの文")


@pytest.mark.django_db
def test_text_ticked_is_taken_over_from_the_other(as_editor, as_writer, scenario):
    mine, theirs = opened(as_editor, scenario), opened(as_writer, scenario)
    as_writer.post(path_of(scenario), {**theirs, "body": "先に保存した文", "_save": "on"})
    shown = read(as_editor.post(path_of(scenario), {**mine, "body": "あとから送った文", "_save": "on"}))
    again = filled_in(shown.one("form", id="scenario_form"))
    as_editor.post(path_of(scenario), {**again, "take:body": "on", "_save": "on"})
    scenario.refresh_from_db()
    assert scenario.body == "先に保存した文"


@pytest.mark.django_db
def test_third_change_in_between_is_told_again(as_editor, as_writer, scenario):
    mine, theirs = opened(as_editor, scenario), opened(as_writer, scenario)
    as_writer.post(path_of(scenario), {**theirs, "body": "一回目", "_save": "on"})
    shown = read(as_editor.post(path_of(scenario), {**mine, "body": "わたし", "_save": "on"}))
    again = filled_in(shown.one("form", id="scenario_form"))
    as_writer.post(path_of(scenario), {**opened(as_writer, scenario), "body": "二回目", "_save": "on"})
    assert as_editor.post(path_of(scenario), {**again, "_save": "on"}).status_code == 200
    scenario.refresh_from_db()
    assert scenario.body == "二回目"


@pytest.mark.django_db
def test_changed_definition_inside_a_section_is_noticed(as_editor, as_writer):
    section = Section.objects.get(code="personal-information")
    definition = section.definitions.first()
    mine = opened(as_editor, section)
    as_writer.post(path_of(definition), {**opened(as_writer, definition), "body": "先に保存した説明", "_save": "on"})
    page = read(as_editor.post(path_of(section), {**mine, "title": "別の題", "_save": "on"}))
    assert "先に保存した説明" in page.one(cls="other-text").text
    assert Definition.objects.get(pk=definition.pk).body == "先に保存した説明"


@pytest.mark.django_db
def test_form_sent_without_its_mark_is_not_saved(as_editor, scenario):
    form = opened(as_editor, scenario)
    for mark in ({"seen": ""}, {"seen": "x", "seen_revision": "9" * 40}, {"seen": "x", "seen_revision": "-1"}):
        sent = {**form, "title": "別の題", "_save": "on", **mark}
        assert as_editor.post(path_of(scenario), sent).status_code == 200
    scenario.refresh_from_db()
    assert scenario.title == "ネット予約"


@pytest.mark.django_db
def test_row_deleted_meanwhile_is_told(as_editor, as_writer):
    section = Section.objects.get(code="personal-information")
    definition = section.definitions.first()
    mine = opened(as_editor, section)
    as_writer.post(f"/admin/disclosures/definition/{definition.pk}/delete/", {"post": "yes"})
    assert as_editor.post(path_of(section), {**mine, "_save": "on"}).status_code == 200
    assert as_editor.post(path_of(definition), {"_save": "on"}).status_code == 302
    assert not Definition.objects.filter(pk=definition.pk).exists()


@pytest.mark.concurrency
def test_of_two_who_save_at_the_same_moment_one_is_told(world):
    from django.contrib.auth.models import Group

    scenario = Scenario.objects.get(code="online-booking")
    clients = []
    for name in ("aoi", "ren"):
        user = make_user(name, is_staff=True)
        user.groups.add(Group.objects.get(name="editors"))
        clients.append(client_of(user))
    forms = [opened(client, scenario) for client in clients]
    barrier = Barrier(2)

    def save(client, form, text):
        try:
            barrier.wait()
            return client.post(path_of(scenario), {**form, "body": text, "_save": "on"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(save, clients, forms, ("葵の文", "蓮の文")))
    assert sorted(found) == [200, 302]
    assert Revision.objects.filter(kind="scenarios", code="online-booking", before__isnull=False).count() == 1
