"""Taking a pack out of the working copy: what nobody edited goes, what is edited stays with what it needs."""

import pytest
from django.core.management import call_command

from disclosures.content.working_copy import working_document
from disclosures.management.commands.load_content import STARTER
from disclosures.models import DataItem, Page, Publication, Scenario, Section, Service, Site
from disclosures.packs.actions import load_content
from disclosures.packs.files import read_shipped_pack
from disclosures.packs.unloading_actions import unload_content
from privacycenter.database.triggers import deletable

pytestmark = pytest.mark.django_db


@pytest.fixture
def starter(db):
    """As it was loaded: nobody edited anything since."""
    pack = read_shipped_pack(STARTER)
    load_content(pack=pack)
    return pack


def test_everything_of_the_pack_goes_but_the_site_itself(starter):
    found = unload_content(pack=starter)
    now = working_document()
    assert found.edited == []
    assert set(now["site"]) == {"site"}
    assert [kind for kind in ("questions", "terms", "synonyms", "definitions") if now[kind]] == []
    assert {entry["retired"] for entry in now["services"].values()} == {True}


def test_page_of_what_was_published_stays_for_it(starter):
    """Its situations are retired, and a row that is never deleted needs what it stands in."""
    unload_content(pack=starter)
    assert set(working_document()["pages"]) == {"where-provided"}


def test_what_was_published_stays_retired_for_the_records(starter):
    assert Publication.objects.exists()
    unload_content(pack=starter)
    assert Service.objects.get(code="jalan").retired_at


def test_what_was_edited_stays_with_what_it_needs(starter):
    Scenario.objects.filter(code="online-booking").update(body="わたしたちの文")
    found = unload_content(pack=starter)
    assert ("scenarios", "online-booking") in found.edited
    section = Scenario.objects.get(code="online-booking").section
    assert ("sections", section.code) in found.needed
    assert ("pages", section.page.code) in found.needed
    assert DataItem.objects.get(code="name").retired_at is None
    assert not Page.objects.filter(code="faq").exists()


def test_another_place_in_the_list_is_no_edit(starter):
    Page.objects.filter(code="faq").update(position=99)
    unload_content(pack=starter)
    assert not Page.objects.filter(code="faq").exists()


def test_edited_goes_too_if_wanted(starter):
    Scenario.objects.filter(code="online-booking").update(body="わたしたちの文")
    assert unload_content(pack=starter, with_edited=True).edited == []
    assert Scenario.objects.get(code="online-booking").retired_at


def test_own_section_on_a_page_of_the_pack_keeps_the_page(starter):
    Section.objects.create(code="our-own", page=Page.objects.get(code="faq"), title="わたしたちの節")
    unload_content(pack=starter)
    assert Section.objects.get(code="our-own").page.code == "faq"


def test_twice_does_nothing_more(starter):
    unload_content(pack=starter)
    before = working_document()
    assert unload_content(pack=starter).count == 0
    assert working_document() == before


def test_trigger_is_there_again_also_after_a_failure():
    from django.db import DatabaseError, connection, transaction

    table = Service._meta.db_table
    with pytest.raises(ZeroDivisionError), transaction.atomic(), deletable(connection, table):
        raise ZeroDivisionError
    with transaction.atomic(), deletable(connection, table):
        pass
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE code = 'jalan'")


def test_unwanted_words_of_the_site_are_named(capsys):
    call_command("unload_content")
    said = capsys.readouterr().out
    assert "The site itself still says the pack's title, operator, lead, notice" in said
    assert Site.objects.exists()


def test_folder_that_is_no_pack_is_refused(tmp_path):
    from django.core.management import CommandError

    with pytest.raises(CommandError, match="is not a folder"):
        call_command("unload_content", str(tmp_path / "nothing"))
