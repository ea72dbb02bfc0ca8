"""One site in production for these tests, with the files that it was published as, and nginx in front of them."""

import pytest

from disclosures.models import Scenario
from disclosures.publishing.actions import publish_content
from privacycenter.models import User
from tests.support.database import address_of_test_database
from tests.support.prepared import another_database
from tests.support.site_files import a_file
from tests.support.static_site import static_site


def a_picture_in_a_text() -> None:
    """A second publication, which shows a picture."""
    a_file()
    scenario = Scenario.objects.get(code="online-booking")
    scenario.body += "\n\n![](picture:flow)"
    scenario.save()
    publish_content(reason="図を追加", by=User.objects.create(username="somebody"))


@pytest.fixture(scope="session")
def static(django_db_setup, django_db_blocker, testrun_uid, worker_id, tmp_path_factory):
    with django_db_blocker.unblock():
        beside = another_database(testrun_uid, f"{worker_id}-static", fill=a_picture_in_a_text)
        address = address_of_test_database(str(beside.own))
    with static_site(address, tmp_path_factory.mktemp("static")) as started:
        done = started.publish()
        assert done.returncode == 0, done.stdout + done.stderr
        yield started
    with django_db_blocker.unblock():
        beside.close()


@pytest.fixture(scope="session")
def in_front(static):
    """nginx with the files, and the application behind."""
    return static.nginx()


@pytest.fixture(scope="session")
def alone(static):
    """nginx with the files alone."""
    return static.nginx(is_alone=True)
