"""After a restore: cursors that still hold go on, the others are told what to do, and nobody reads an empty list."""

import io
from datetime import timedelta

import pytest
from allauth.idp.oidc.models import Token
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consents.asking.decision_actions import withdraw_decision
from consents.feed.epochs import MARGIN
from consents.feed.restoring_actions import BEFORE_ALL, begin_after_restore
from consents.models import FeedEntry, FeedEpoch
from consents.webhooks.actions import create_webhook
from disclosures.models import Revision
from disclosures.reporters.actions import create_reporter
from privacycenter.outbox.working import work_off
from tests.support.api import Api
from tests.support.asking import answer, ask
from tests.support.database import tamper

pytestmark = pytest.mark.django_db

CODES = ("minato-inn", "kotori-salon", "komorebi-toge", "mizutama-an", "northwind-analytics")


class LoggedInAnew:
    """The reporter, with a new token for each call: a restore ends those of before."""

    def __init__(self, reporter):
        self.reporter = reporter

    def get(self, path):
        return Api(self.reporter).get(path)


@pytest.fixture
def api(reporter):
    return LoggedInAnew(reporter)


@pytest.fixture
def three(reporter, hanako):
    """Three entries."""
    decide(hanako, reporter, *CODES[:3])


def decide(person, reporter, *recipients):
    made = [answer(person, ask(person, reporter, items=("name",), recipient=code), "name") for code in recipients]
    work_off()
    return made


def restored_after(number: int) -> FeedEpoch:
    """As if a dump taken after that number had been restored, and after_restore run."""
    FeedEntry.objects.filter(number__gt=number).delete()
    return begin_after_restore().epoch


def feed(api, after=""):
    return api.get(f"/decisions?after={after}").json()


def test_first_epoch_has_no_name(api, three):
    assert feed(api)["next"] == "3" and "epoch" not in feed(api)["data"][0]


def test_cursor_that_was_restored_goes_on_in_the_new_epoch(api, reporter, hanako, three):
    epoch = restored_after(2)
    assert feed(api, "2") == {"data": [], "next": f"{epoch.token}.2", "has_more": False}
    decide(hanako, reporter, CODES[3])
    page = feed(api, "1")
    assert [(entry["number"], entry.get("epoch")) for entry in page["data"]] == [(2, None), (3, epoch.token)]
    assert page["next"] == f"{epoch.token}.3"
    assert feed(api, page["next"])["data"] == []


def test_service_that_was_ahead_is_told_what_to_do(api, three):
    epoch = restored_after(2)
    refused = api.get("/decisions?after=3")
    problem = refused.json()
    assert (refused.status_code, problem["type"]) == (409, "urn:privacycenter:problem:feed-restored")
    assert (problem["continue_after"], problem["field"]) == (f"{epoch.token}.2", "after")
    assert problem["restored_to"] == epoch.restored_to.isoformat()
    assert problem["send_again_since"] == (epoch.restored_to - MARGIN).isoformat()
    assert feed(api, problem["continue_after"])["data"] == []


def test_service_that_was_ahead_is_still_told_when_the_numbers_have_come_again(api, reporter, hanako, three):
    restored_after(1)
    decide(hanako, reporter, *CODES[3:])
    assert len(FeedEntry.objects.all()) == 3
    assert api.get("/decisions?after=3").status_code == 409


def test_service_that_reads_from_the_beginning_is_told_nothing(api, three):
    epoch = restored_after(2)
    for after in ("", "0"):
        assert [entry["number"] for entry in feed(api, after)["data"]] == [1, 2]
        assert feed(api, after)["next"] == f"{epoch.token}.2"


def test_cursor_of_the_epoch_before_the_last_is_held_to_the_restore_that_followed_it(api, reporter, hanako, three):
    first = restored_after(2)
    decide(hanako, reporter, *CODES[3:])
    second = restored_after(3)
    assert api.get(f"/decisions?after={first.token}.4").json()["continue_after"] == f"{second.token}.3"
    assert api.get(f"/decisions?after={first.token}.3").status_code == 200
    # Number 3 of the first time is another entry than the one that is there now.
    assert api.get("/decisions?after=3").json()["continue_after"] == f"{second.token}.2"
    assert api.get("/decisions?after=2").status_code == 200


def test_cursor_of_an_epoch_that_was_lost_itself_begins_anew(api, three):
    epoch = restored_after(2)
    problem = api.get("/decisions?after=0a1b2c3d.1").json()
    assert problem["continue_after"] == f"{epoch.token}.0"
    assert [entry["number"] for entry in feed(api, problem["continue_after"])["data"]] == [1, 2]


# --- Where after_restore was forgotten -------------------------------------------------------------------------------


@pytest.mark.parametrize(("after", "continue_after"), [("4", "3"), ("999", "3"), ("0a1b2c3d.1", "0")])
def test_cursor_ahead_of_all_that_exists_is_told_of_a_restore_and_the_operator_of_it(
    api, reporter, three, caplog, after, continue_after
):
    refused = api.get(f"/decisions?after={after}")
    problem = refused.json()
    assert (refused.status_code, problem["type"]) == (409, "urn:privacycenter:problem:feed-restored")
    assert (problem["continue_after"], problem["field"]) == (continue_after, "after")
    assert "after_restore" in caplog.text and reporter.code in caplog.text
    assert api.get(f"/decisions?after={continue_after}").status_code == 200


def test_number_that_the_new_epoch_never_gave_is_ahead_too(api, three):
    epoch = restored_after(2)
    refused = api.get(f"/decisions?after={epoch.token}.3")
    assert (refused.status_code, refused.json()["continue_after"]) == (409, f"{epoch.token}.2")


def test_cursor_ahead_of_an_empty_feed_begins_anew_and_sends_all_again(api, reporter):
    problem = api.get("/decisions?after=1").json()
    assert (problem["continue_after"], problem["send_again_since"]) == ("0", "2000-01-01T00:00:00+00:00")


@pytest.mark.parametrize(
    "after", ["0a1b2c3d.", ".3", "0A1B2C3D.3", "0a1b2c3.3", "0a1b2c3d.3.3", "0a1b2c3d-3", "0a1b2c3d.x"]
)
def test_cursor_in_another_form_is_refused(api, after):
    refused = api.get(f"/decisions?after={after}")
    assert (refused.status_code, refused.json()["field"]) == (422, "after")


def test_reporter_made_since_begins_with_nothing_restored(reporter, hanako, three):
    restored_after(2)
    other, other.secret = create_reporter(code="second", title="Second", services=["hotpepper-gourmet"])
    answer(hanako, ask(hanako, reporter, items=("name",), service="hotpepper-gourmet"), "name")
    work_off()
    assert [entry["number"] for entry in feed(Api(other), "0")["data"]] == [1]
    assert Api(other).get("/decisions?after=1").status_code == 409


def test_webhook_names_the_epoch(reporter, hanako, server, settings, three):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    create_webhook(reporter=reporter, url=server.url, by=None)
    epoch = restored_after(2)
    given = decide(hanako, reporter, CODES[3])[0]
    withdraw_decision(decision_id=given.id, language="ja", by=hanako)
    work_off()
    assert f'"epoch":"{epoch.token}"'.encode() in server.requests[-1].body


def test_restore_ends_every_session_and_token(reporter, as_hanako, three):
    api = Api(reporter)
    assert api.get("/decisions").status_code == 200
    done = begin_after_restore()
    assert (done.session_count, done.token_count) == (1, 1)
    assert not Session.objects.exists() and not Token.objects.exists()
    assert as_hanako.get("/my/").status_code == 302
    assert api.get("/decisions").status_code == 401


def test_restore_says_how_far_the_database_reaches(disclosure, three):
    epoch = begin_after_restore().epoch
    assert epoch.last_numbers == {"travel": 3}
    newest = FeedEntry.objects.order_by("-pk")[0].happened_at
    assert newest <= epoch.restored_to <= newest + timedelta(seconds=60)


def test_restore_of_a_database_without_any_report_asks_for_everything(reporter):
    if Revision.objects.exists():
        tamper("DELETE FROM disclosures_revision")
    assert begin_after_restore().epoch.restored_to == BEFORE_ALL


def test_command_says_what_to_send_again_and_what_to_look_after(disclosure, three):
    out = io.StringIO()
    call_command("after_restore", stdout=out)
    said, epoch = out.getvalue(), FeedEpoch.objects.get()
    assert f"Epoch {epoch.token}" in said and "travel: its feed goes on after number 3" in said
    assert f"since {(epoch.restored_to - MARGIN).isoformat(timespec='seconds')}" in said
    assert "jalan: the newest report here came" in said and "other secrets" in said and "verify_ledger" in said


def test_feed_costs_the_same_after_many_restores(reporter, three, django_assert_num_queries):
    begin_after_restore()
    # Not its first call: that one writes down that its secret was right.
    Api(reporter).get("/decisions?after=0")
    with CaptureQueriesContext(connection) as once:
        Api(reporter).get("/decisions?after=0")
    for _time in range(5):
        begin_after_restore()
    with django_assert_num_queries(len(once)):
        assert Api(reporter).get("/decisions?after=0").status_code == 200


def test_clock_of_the_server_that_is_behind_asks_for_more_not_for_less(three):
    FeedEntry.objects.update(happened_at=timezone.now() + timedelta(hours=3))
    assert begin_after_restore().epoch.restored_to <= timezone.now()
