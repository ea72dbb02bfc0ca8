"""The log: one line a request that machines can read, and nobody can be recognised in."""

import json
import logging
import os
import subprocess
import sys
from contextlib import contextmanager
from io import StringIO

import pytest
import structlog
from django.db import DatabaseError

from privacycenter.operation.logs import RoutesInsteadOfPaths, logging_config
from tests.support.content import ROOT

pytestmark = pytest.mark.django_db


@contextmanager
def written(*, is_production):
    """What would be written to standard error meanwhile."""
    config = logging_config(is_production=is_production)
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    kwargs = {name: value for name, value in config["formatters"]["lines"].items() if name != "()"}
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(**kwargs))
    handler.addFilter(RoutesInsteadOfPaths())
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream.getvalue
    root.removeHandler(handler)


@pytest.fixture
def lines():
    """What production would write meanwhile, parsed."""
    with written(is_production=True) as text:
        yield lambda: [json.loads(line) for line in text().splitlines()]


@pytest.mark.parametrize("is_production", [True, False])
def test_traceback_shows_no_values_of_variables(is_production):
    subject = "subject-" + "x" * 3
    with written(is_production=is_production) as text:
        try:
            raise ValueError("wrong")
        except ValueError:
            logging.getLogger("some.library").exception("failed")
    assert "ValueError: wrong" in text() and subject not in text()


def access(lines):
    return [line for line in lines() if line["logger"] == "privacycenter.access"]


def test_request_is_one_line_with_route_status_and_time(client, lines):
    client.get("/recipients/minato-inn/?x=secret")
    (line,) = access(lines)
    assert (line["route"], line["method"], line["status"], line["level"]) == ("recipient", "GET", 200, "info")
    assert line["ms"] > 0 and line["timestamp"].endswith("Z") and len(line["request_id"]) == 32


def test_kept_page_is_not_written_down_again(client, lines):
    for _number in range(3):
        client.get("/recipients/minato-inn/")
    assert [line["route"] for line in access(lines)] == ["recipient"]


def test_log_names_nobody(as_hanako, hanako, disclosure, lines):
    as_hanako.get(f"/my/disclosures/{disclosure.id}/")
    as_hanako.get("/my/disclosures/?text=%E8%8A%B1%E5%AD%90")
    as_hanako.get(f"/my/disclosures/{hanako.subject}/")
    as_hanako.post("/contact/", {"email": "hanako@example.jp"})
    said = json.dumps(lines(), ensure_ascii=False)
    assert len(access(lines)) == 4
    for word in (str(disclosure.id), hanako.subject, "花子", "%E8", "hanako", "/my/"):
        assert word not in said


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        ("refused: hanako@example.jp", "refused: [address]"),
        ("duplicate key\nDETAIL:  Key (person_id)=(12) already exists.", "duplicate key\nDETAIL: [left out]"),
        ("nothing of that kind", "nothing of that kind"),
    ],
)
def test_what_libraries_say_of_people_is_left_out(lines, message, kept):
    logging.getLogger("some.library").warning("%s", message)
    try:
        raise ValueError(message)
    except ValueError:
        logging.getLogger("some.library").exception("failed")
    said, failed = lines()
    assert said["event"] == kept
    assert failed["exception"].endswith(f"ValueError: {kept}")


def test_error_names_the_route_and_not_the_path(as_hanako, lines, monkeypatch):
    def broken(*arguments, **more):
        raise RuntimeError("broken")

    as_hanako.raise_request_exception = False
    monkeypatch.setattr("disclosures.record.facets.filtered_list", broken)
    as_hanako.get("/my/disclosures/?text=secret")
    failed = next(line for line in lines() if line["logger"] == "django.request")
    assert failed["event"] == "GET disclosure_list failed" and "broken" in failed["exception"]
    assert failed["request_id"] == access(lines)[0]["request_id"]


def test_error_over_a_page_from_memory_carries_no_number_of_another_request(client, lines, monkeypatch):
    def gone():
        raise DatabaseError("gone")

    client.get("/recipients/minato-inn/")
    client.get("/no-such-page/")
    monkeypatch.setattr("disclosures.public.page_cache.newest_for_visitors", gone)
    assert client.get("/recipients/minato-inn/").status_code == 200
    failed = next(line for line in lines() if line["logger"] == "disclosures.public.page_cache")
    assert "gone" in failed["exception"] and "request_id" not in failed


def test_number_of_the_request_comes_from_the_proxy_or_is_made(as_hanako, lines):
    given = as_hanako.get("/my/", headers={"X-Request-ID": "from-the-proxy-1"})
    made = as_hanako.get("/my/", headers={"X-Request-ID": 'x" injected\n'})
    assert given["X-Request-ID"] == "from-the-proxy-1" == access(lines)[0]["request_id"]
    assert made["X-Request-ID"] == access(lines)[1]["request_id"] and len(made["X-Request-ID"]) == 32


def test_public_page_has_no_number_so_that_it_is_the_same_for_everyone(client):
    assert "X-Request-ID" not in client.get("/recipients/minato-inn/").headers


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_probe_is_not_written_down(client, lines, path):
    client.get(path)
    assert not access(lines)


def test_trial_run_writes_for_people():
    command = [
        sys.executable,
        "-c",
        "import django; django.setup(); import logging; logging.warning('hello %s', 'you')",
    ]
    environment = {**os.environ, "DEMO": "1", "DJANGO_SETTINGS_MODULE": "privacycenter.settings"}
    said = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stderr
    assert "hello you" in said and not said.startswith("{")


def test_error_reports_without_their_library_are_one_clear_line():
    environment = {**os.environ, "DEMO": "1", "SENTRY_DSN": "https://key@errors.example/1"}
    ended = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert (ended.returncode, len(ended.stderr.splitlines())) == (2, 1) and "sentry-sdk" in ended.stderr
