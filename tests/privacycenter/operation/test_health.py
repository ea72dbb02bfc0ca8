"""Alive, and able to serve."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from disclosures.coverage.topics import HEARTBEAT_RECEIVED, HeartbeatReceived
from disclosures.models import Publication, Site
from privacycenter.outbox.leaving import leave

pytestmark = pytest.mark.django_db


def gone(*_):
    raise OperationalError("could not connect to server: secret-host")


def test_readyz_says_that_every_part_is_well(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert {name: part["ok"] for name, part in answer.json().items()} == {
        "database": True, "publication": True, "followers": True,
    }  # fmt: skip


def test_readyz_of_a_site_that_is_begun_says_that_nothing_is_published(client, monkeypatch):
    """Its editors reach the desk through the same balancer as visitors."""
    monkeypatch.setattr(Publication, "objects", Publication.objects.none())
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["publication"] == {"ok": True, "number": None, "note": "nothing is published yet"}


def test_readyz_of_an_empty_database_is_503(client, monkeypatch):
    monkeypatch.setattr(Publication, "objects", Publication.objects.none())
    monkeypatch.setattr(Site, "objects", Site.objects.none())
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["publication"]["ok"]) == (503, False)
    assert answer.json()["database"]["ok"]


def test_readyz_without_the_database_is_503_and_tells_no_secrets(client):
    with connection.execute_wrapper(gone):
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert {part["ok"] for part in answer.json().values()} == {False}
    assert b"secret-host" not in answer.content


def test_readyz_without_the_database_asks_it_once(client):
    """Each further question would wait as long again, and the balancer for all of them."""
    asked = []

    def gone_and_counted(*_):
        asked.append(1)
        gone()

    with connection.execute_wrapper(gone_and_counted):
        client.get("/readyz")
    assert len(asked) == 1


def test_readyz_with_followers_that_lag_is_503(client):
    leave(HEARTBEAT_RECEIVED, HeartbeatReceived(heartbeat=1), due_at=timezone.now() - timedelta(hours=1))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["followers"]["ok"]) == (503, False)


def test_healthz_asks_nothing_of_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probe_is_never_cached_and_sets_no_cookie(client, path):
    answer = client.get(path)
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probe_answers_no_post(client, path):
    assert client.post(path).status_code == 405
