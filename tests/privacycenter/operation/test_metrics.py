"""/metrics: for who brings the token, whole even when a part fails, cheap whatever the tables hold."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from disclosures.coverage.topics import HEARTBEAT_RECEIVED, HeartbeatReceived
from disclosures.ledger.recording import record_disclosures
from disclosures.models import Publication
from privacycenter.outbox.leaving import leave
from privacycenter.outbox.working import work_off
from tests.support.events import a_survey_event

pytestmark = pytest.mark.django_db

TOKEN = "a-token-for-the-tests"


def scrape(client, **headers):
    """Family → its samples as ``{labels: value}``."""
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    return {
        family.name: {tuple(sample.labels.values()): sample.value for sample in family.samples}
        for family in text_string_to_metric_families(answer.content.decode())
    }


def test_metrics_are_for_who_brings_the_token(client, settings):
    settings.METRICS_TOKEN = TOKEN
    assert client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200
    for wrong in ("", TOKEN, "Bearer", "Bearer ", f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer é"):
        assert client.get("/metrics", headers={"Authorization": wrong}).status_code == 404


def test_metrics_without_a_token_answer_this_machine_in_a_trial_run_alone(client, settings):
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 404
    settings.METRICS_FOR_LOOPBACK = False
    assert client.get("/metrics").status_code == 404


def test_metrics_refuse_a_post_and_are_kept_by_no_cache(client):
    assert client.post("/metrics").status_code == 405
    assert "no-store" in client.get("/metrics")["Cache-Control"]


def test_outbox_is_told_per_follower(client):
    leave(HEARTBEAT_RECEIVED, HeartbeatReceived(heartbeat=1), due_at=timezone.now() - timedelta(minutes=7))
    leave(HEARTBEAT_RECEIVED, HeartbeatReceived(heartbeat=1), due_at=timezone.now() + timedelta(days=7))
    found = scrape(client)
    assert found["privacycenter_outbox_due_rows"]["heartbeats", "inside"] == 1
    assert 420 <= found["privacycenter_outbox_lag_seconds"]["heartbeats", "inside"] < 480
    assert found["privacycenter_outbox_due_rows"]["webhooks", "outside"] == 0


def test_row_that_fails_is_told(client):
    leave(HEARTBEAT_RECEIVED, HeartbeatReceived(heartbeat=0))
    work_off()
    assert scrape(client)["privacycenter_outbox_failing_rows"]["heartbeats", "inside"] == 1


def test_publication_and_cases_are_told(client, hanako, reporter, time_machine):
    record_disclosures(events=[a_survey_event()], by=reporter)
    newest = Publication.objects.newest()
    time_machine.move_to(newest.published_at + timedelta(minutes=7), tick=False)
    found = scrape(client)
    assert found["privacycenter_publication_number"][()] == newest.number
    assert found["privacycenter_publication_age_seconds"][()] == 420
    assert found["privacycenter_open_cases"] == {
        ("flagged",): 1,
        ("unevidenced",): 0,
        ("conflict",): 0,
        ("rejected",): 0,
        ("correction",): 0,
    }


def test_requests_are_counted_by_route_and_never_by_path(client, as_hanako):
    as_hanako.get("/my/disclosures/00000000-0000-0000-0000-000000000000/")
    client.get("/wp-login.php?x=1")
    found = scrape(client)["privacycenter_requests"]
    assert found["GET", "disclosure", "404"] >= 1
    assert not any("wp-login" in label or "0000" in label for labels in found for label in labels)


def test_part_that_fails_leaves_the_others(client, settings):
    settings.METRICS = [f"{__name__}.broken", *settings.METRICS]
    found = scrape(client)
    assert found["privacycenter_metrics_failed"]["broken",] == 1
    assert "privacycenter_publication_number" in found


def broken():
    raise ValueError("no")


def test_nobody_waits_twice_for_a_database_that_is_away(client, settings, monkeypatch):
    """Each part would wait for seconds, and whoever asks gives up after ten."""
    waited = []

    def away():
        waited.append(1)
        raise OperationalError("no connection")

    monkeypatch.setattr(f"{__name__}.broken", away)
    settings.METRICS = [f"{__name__}.broken", f"{__name__}.broken", *settings.METRICS]
    found = scrape(client)
    assert len(waited) == 1
    assert set(found["privacycenter_metrics_failed"].values()) == {1}
    assert "privacycenter_publication_number" not in found


def test_scrape_costs_the_same_for_many_rows(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(25) as few:
        scrape(client)
    for _number in range(50):
        leave(HEARTBEAT_RECEIVED, HeartbeatReceived(heartbeat=1))
    with django_assert_max_num_queries(len(few)):
        scrape(client)
