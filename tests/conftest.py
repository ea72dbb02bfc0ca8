"""Fixtures that every test may use. Ledger rows and decisions come only from actions."""

import gc
from unittest import mock

import pytest
from django.test import Client, TransactionTestCase
from django.utils import translation

from consents.asking.decision_actions import withdraw_decision
from consents.question_log.collecting_actions import forget_questions
from disclosures.content import publications
from disclosures.ledger.recording import record_disclosures
from disclosures.public import page_cache
from disclosures.reporters.actions import create_reporter
from privacycenter.models import User
from privacycenter.rate_limits import shares
from tests.support.api import Api
from tests.support.asking import answer, ask
from tests.support.engines import mark_what_is_tried_once, put_the_longest_first
from tests.support.events import a_survey_event, an_event, record
from tests.support.held import copy_is_held
from tests.support.own_server import own_servers
from tests.support.people import client_of, make_user
from tests.support.prepared import prepared_database
from tests.support.sandbox import a_sandbox


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Before pytest leaves out what ``-m`` does not name."""
    mark_what_is_tried_once(items)
    put_the_longest_first(items)


def pytest_collection_finish():
    """What was read so far stays to the end: looking through it for garbage again and again takes a tenth of the time.
    What each test makes is looked through more seldom than in the product: that takes a twentieth."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, testrun_uid, worker_id):
    """Every test begins with the same content: loaded once, put back after a test that commits."""
    database = prepared_database(testrun_uid, worker_id)
    with django_db_blocker.unblock():
        database.open()
    with mock.patch.object(TransactionTestCase, "_fixture_teardown", side_effect=database.restore):
        yield
    with django_db_blocker.unblock():
        database.close()


@pytest.fixture
def world(transactional_db):
    """For tests that commit."""


@pytest.fixture(autouse=True)
def forget_rendered_pages():
    """Pages are kept per process; tests roll publications back."""
    shares.forget_shares()
    forget_questions()
    page_cache.forget_pages()
    publications.forget_newest()
    with copy_is_held():
        yield


@pytest.fixture
def sandbox(db):
    """This process and its database are a sandbox. Ask for it before anybody who has an account."""
    with a_sandbox():
        yield


@pytest.fixture
def hanako(db) -> User:
    return make_user("hanako")


@pytest.fixture
def taro(db) -> User:
    return make_user("taro")


@pytest.fixture
def editor(db) -> User:
    return make_user("editor", is_staff=True, groups=("editors", "publishers"))


@pytest.fixture
def writer(db) -> User:
    """Edits and proposes, but does not publish."""
    return make_user("writer", is_staff=True, groups=("editors",))


@pytest.fixture
def publisher(db) -> User:
    """Publishes, but does not edit."""
    return make_user("publisher", is_staff=True, groups=("publishers",))


@pytest.fixture
def officer(db) -> User:
    return make_user("officer", is_staff=True, groups=("officers",))


@pytest.fixture
def as_hanako(hanako) -> Client:
    return client_of(hanako)


@pytest.fixture
def as_taro(taro) -> Client:
    return client_of(taro)


@pytest.fixture
def as_editor(editor) -> Client:
    return client_of(editor)


@pytest.fixture
def as_officer(officer) -> Client:
    return client_of(officer)


@pytest.fixture
def reporter(db):
    """A reporter that may speak for じゃらんnet and ホットペッパーグルメ."""
    made, made.secret = create_reporter(
        code="travel", title="じゃらんnet予約システム", services=["jalan", "hotpepper-gourmet"]
    )
    return made


@pytest.fixture
def api(reporter) -> Api:
    return Api(reporter)


@pytest.fixture
def disclosure(hanako, reporter):
    """One booking of hanako's."""
    record_disclosures(events=[an_event()], by=reporter)
    return hanako.disclosures.get(event_id="event-1")


@pytest.fixture
def open_request(hanako, reporter):
    """A request to hanako that waits."""
    return ask(hanako, reporter)


@pytest.fixture
def decision(hanako, open_request):
    """hanako allowed two of three items."""
    return answer(hanako, open_request, "name", "usage")


@pytest.fixture
def withdrawal(hanako, decision, reporter):
    """Of an approval under which something was reported, so a case follows."""
    record(reporter, a_survey_event("before-the-withdrawal", occurred_at=decision.decided_at))
    return withdraw_decision(decision_id=decision.id, language="ja", by=hanako)


@pytest.fixture
def own_server():
    """Starts a PostgreSQL with these settings. It is killed, and its folder removed, at the end."""
    with own_servers() as start:
        yield start


# --- Reading pages as a browser does ---------------------------------------------------------------------------------

# One address of each public view. Pages that editors make are found by following links.


@pytest.fixture(autouse=True)
def begin_in_japanese():
    """A request leaves its language active in its thread; no test begins in the language of the one before."""
    translation.activate("ja")
