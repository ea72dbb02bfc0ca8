"""One site in production for all attacks of a process: on both engines, as docs/operate.md says to run it."""

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

from privacycenter.models import User
from tests.support.database import address_of_test_database
from tests.support.people import PASSWORD
from tests.support.prepared import another_database
from tests.support.production import production_site


def two_people() -> None:
    """With passwords as production hashes them; the tests' own hashes are for tests alone."""
    for name in ("hanako", "taro"):
        hashed = Argon2PasswordHasher().encode(PASSWORD, "salt-for-tests")
        User.objects.create(username=name, subject=f"subject-of-{name}", password=hashed)


@pytest.fixture(scope="session")
def site(django_db_setup, django_db_blocker, testrun_uid, worker_id, tmp_path_factory):
    with django_db_blocker.unblock():
        beside = another_database(testrun_uid, f"{worker_id}-site", fill=two_people)
        address = address_of_test_database(str(beside.own))
    with production_site(address, tmp_path_factory.mktemp("site")) as started:
        yield started
    with django_db_blocker.unblock():
        beside.close()
