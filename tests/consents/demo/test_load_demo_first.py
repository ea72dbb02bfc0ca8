"""manage.py load_demo on a database that has no demo yet, or something in its place."""

from datetime import date

import pytest
from django.core.management import CommandError
from django.test import Client
from django.utils import timezone

from disclosures.content.publications import forget_newest
from disclosures.coverage.queries import reporter_coverage
from disclosures.models import Disclosure, Publication, Recipient, Service
from privacycenter.models import User
from tests.support.database import tamper
from tests.support.demo import load, person

# The world itself is loaded on both engines, by test_load_demo.
pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_load_demo_adds_and_publishes_recipients_that_are_missing(db):
    Recipient.objects.filter(code="minato-inn").update(code="minato-inn-before")
    load()
    assert "minato-inn" in Publication.objects.newest().document["recipients"]


def test_load_demo_shows_people_the_text_about_the_hotel_abroad_before_they_book(db):
    """Of a site that has published nothing, the first publication does not have the made-up recipients."""
    Recipient.objects.filter(code="lantern-strait").update(code="lantern-strait-before")
    tamper("DELETE FROM disclosures_publication")
    forget_newest()
    load()
    rows = Disclosure.objects.filter(recipient__code="lantern-strait")
    assert set(rows.values_list("shown_publication", "flags")) == {(2, 0)}
    first, shown = Publication.objects.order_by("number")
    assert "lantern-strait" not in first.document["recipients"]
    assert shown.published_at < min(rows.values_list("occurred_at", flat=True))
    for publication in (first, shown):
        told = list(days_in(publication.document))
        assert told
        assert [day for day in told if day > timezone.localdate(publication.published_at)] == []


def days_in(document) -> list[date]:
    """The days on which something was so, or was checked."""
    entries = [*document["site"].values(), *document["recipients"].values()]
    days = [entry.get(name) for entry in entries for name in ("as_of", "basis_checked_on")]
    return [date.fromisoformat(day) for day in days if day]


def test_load_demo_takes_a_person_over_whom_services_reported_before(db):
    known = User.objects.create(subject="demo-hanako")
    load()
    assert person("demo-hanako") == known
    assert person("demo-hanako").username == "hanako"


def test_load_demo_prints_a_password_that_works(db):
    password = load().rpartition("password of each: ")[2].strip()
    assert Client().login(username="hanako", password=password)


def test_load_demo_keeps_sessions_when_the_password_is_the_same(db, monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "open sesame")
    load()
    before = person("demo-taro").password
    load()
    assert person("demo-taro").password == before


def test_load_demo_refuses_outside_a_demo(db, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=1"):
        load()
    assert not User.objects.exists()


def test_load_demo_refuses_without_starter_content(db):
    Service.objects.filter(code="zexy").update(code="something-else")
    with pytest.raises(CommandError, match="starter content"):
        load()


def test_load_demo_refuses_to_take_over_another_account(db):
    User.objects.create_user("admin", password="mine")
    with pytest.raises(CommandError, match=r"“admin” already who is not a demo account\.$"):
        load()
    assert User.objects.get(username="admin").check_password("mine")


@pytest.mark.parametrize("args", [("--people", "-1"), ("--disclosures", "-1"), ("--people", "0", "--disclosures", "5")])
def test_load_demo_refuses_impossible_numbers(db, args):
    with pytest.raises(CommandError, match="--disclosures"):
        load(*args)


def test_load_demo_without_further_people(db):
    load("--people", "0")
    assert Disclosure.objects.count() == 443


def test_one_service_of_the_world_misses_two_reports_and_the_others_are_complete(db):
    load("--people", "3", "--disclosures", "60")
    gaps = {row.service_code: row.gap for row in reporter_coverage() if row.balance}
    assert gaps.pop("suumo") == 2
    assert gaps and set(gaps.values()) == {0}
