"""People whom a service knows before we do."""

import pytest
from django.contrib.auth import authenticate
from django.test import Client

from disclosures.ledger.people import ensure_people
from privacycenter.models import User

pytestmark = pytest.mark.django_db


def test_people_known_and_new_come_back_by_subject(hanako):
    found = ensure_people(subjects={hanako.subject, "new"})
    assert found == {hanako.subject: hanako.pk, "new": User.objects.get(subject="new").pk}


def test_people_are_made_once(db):
    assert ensure_people(subjects={"new"}) == ensure_people(subjects={"new"})
    assert User.objects.filter(subject="new").count() == 1


def test_people_of_an_empty_batch_are_none(db):
    assert ensure_people(subjects=set()) == {}


def test_people_with_subjects_that_differ_by_case_are_two(db):
    assert len(set(ensure_people(subjects={"abc", "ABC"}).values())) == 2


@pytest.mark.parametrize("password", ["", "!", "new", None])
def test_person_not_seen_before_cannot_be_authenticated(db, password):
    ensure_people(subjects={"new"})
    person = User.objects.get(subject="new")
    for name in ({"username": "new"}, {"username": ""}, {"username": None}, {"email": ""}):
        assert authenticate(None, password=password, **name) is None
    assert not person.check_password(password)


@pytest.mark.parametrize("login", ["new", "", "None"])
def test_person_not_seen_before_cannot_log_in(db, login):
    ensure_people(subjects={"new"})
    client = Client()
    client.post("/accounts/login/", {"login": login, "password": "!"})
    assert "_auth_user_id" not in client.session


def test_people_not_seen_before_can_be_many(db):
    """Without a user name: two of them must not collide on an empty one."""
    assert len(ensure_people(subjects={f"new-{n}" for n in range(150)})) == 150
