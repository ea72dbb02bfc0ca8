"""A password is the same however a keyboard composed it."""

import unicodedata

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, PBKDF2PasswordHasher, identify_hasher

from privacycenter.accounts.passwords import ComposedArgon2PasswordHasher
from privacycenter.settings import PASSWORD_HASHERS

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
TYPED = "ﾊﾞﾗとＣａｆé、春の朝に"
COMPOSED = unicodedata.normalize("NFKC", TYPED)
DECOMPOSED = unicodedata.normalize("NFD", TYPED)


class FastComposed(ComposedArgon2PasswordHasher):
    time_cost = parallelism = 1
    memory_cost = 8


class FastAsTyped(Argon2PasswordHasher):
    time_cost = parallelism = 1
    memory_cost = 8


@pytest.fixture(autouse=True)
def hashers(settings):
    """The product's, quick."""
    assert PASSWORD_HASHERS[:2] == [
        "privacycenter.accounts.passwords.ComposedArgon2PasswordHasher",
        "django.contrib.auth.hashers.Argon2PasswordHasher",
    ]
    settings.PASSWORD_HASHERS = [
        f"{__name__}.FastComposed", f"{__name__}.FastAsTyped", "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]  # fmt: skip


def logs_in(client, password) -> bool:
    client.post(LOGIN, {"login": "hanako", "password": password})
    return client.get("/my/").status_code == 200


@pytest.mark.parametrize("typed", [TYPED, COMPOSED, DECOMPOSED])
def test_password_is_accepted_in_every_form_of_the_same_text(client, hanako, typed):
    hanako.set_password(TYPED)
    hanako.save()
    assert hanako.password.startswith("argon2_nfkc$")
    assert logs_in(client, typed)


def test_password_that_differs_is_refused(client, hanako):
    hanako.set_password(TYPED)
    hanako.save()
    assert not logs_in(client, TYPED + " ")


@pytest.mark.parametrize("before", [FastAsTyped(), PBKDF2PasswordHasher()])
def test_password_hashed_as_it_was_typed_is_accepted_and_hashed_anew(client, hanako, before):
    hanako.password = before.encode(TYPED, before.salt())
    hanako.save()
    assert logs_in(client, TYPED)
    hanako.refresh_from_db()
    assert identify_hasher(hanako.password).algorithm == "argon2_nfkc"
    assert hanako.check_password(COMPOSED)


def test_password_too_short_once_composed_is_refused(client, hanako):
    before = "a long old pass phrase"
    hanako.set_password(before)
    hanako.save()
    logs_in(client, before)
    client.post("/accounts/reauthenticate/", {"password": before})
    short = "ｶﾞｷﾞｸﾞｹﾞｺﾞ"
    assert len(short) == 10
    change = {"oldpassword": before, "password1": short, "password2": short}
    response = client.post("/accounts/password/change/", change)
    hanako.refresh_from_db()
    assert response.status_code == 200 and hanako.check_password(before)
