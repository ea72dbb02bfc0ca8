"""Two at once: a set is published once, and a save beside a publication loses nothing."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from disclosures.change_sets.attributing_actions import current_set
from disclosures.content.open_sets import patch_of
from disclosures.models import ChangeSet, Publication, SetState
from disclosures.publishing.set_actions import publish_set
from privacycenter.errors import NoLongerOpen
from tests.support.people import make_user
from tests.support.sets import change, public

pytestmark = pytest.mark.concurrency


def at_once(*works):
    def work(one):
        try:
            return one()
        except NoLongerOpen as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(work, works))


def test_set_published_twice_at_once_is_published_once(world):
    editor = make_user("editor", is_staff=True, groups=("editors", "publishers"))
    mine = change(editor, title="オンライン予約")
    done = at_once(*[lambda: publish_set(change_set=mine, by=editor)] * 2)
    assert {type(one) for one in done} == {Publication, NoLongerOpen}
    assert (Publication.objects.count(), public()) == (2, "オンライン予約")


def test_save_beside_the_publication_of_its_set_is_public_or_waits(world):
    editor = make_user("editor", is_staff=True, groups=("editors", "publishers"))
    mine = change(editor, title="オンライン予約")
    at_once(lambda: publish_set(change_set=mine, by=editor), lambda: change(editor, body="そのときの本文"))
    waits = any(one.entry["body"]["source"]["ja"] == "そのときの本文" for one in patch_of(current_set(editor)))
    assert (public(field="body") == "そのときの本文") != waits
    assert ChangeSet.objects.get(pk=mine.pk).state == SetState.PUBLISHED


def test_first_changes_of_an_editor_at_once_go_into_one_set(world):
    editor = make_user("editor", is_staff=True, groups=("editors", "publishers"))
    at_once(lambda: change(editor, title="甲"), lambda: change(editor, "name", "data_items", title="乙"))
    assert len(patch_of(ChangeSet.objects.open().get())) == 2
