"""Credentials of reporters: made once, shown once, stopped at once."""

from urllib.parse import urlencode

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from disclosures.models import Reporter, Service
from disclosures.reporters.actions import create_reporter
from privacycenter.errors import InvalidValue

pytestmark = pytest.mark.django_db


def test_create_reporter_gives_a_secret_that_is_stored_hashed(db):
    reporter, secret = create_reporter(code="new", title="New", services=["jalan"])
    assert len(secret) >= 32
    assert secret not in reporter.client.secret
    assert reporter.client.check_secret(secret)


def test_create_reporter_gives_each_its_own_secret(db):
    _, first = create_reporter(code="one", title="One", services=["jalan"])
    _, second = create_reporter(code="two", title="Two", services=["jalan"])
    assert first != second


def test_create_reporter_speaks_for_its_services_alone(reporter):
    assert {service.code for service in reporter.services.all()} == {"jalan", "hotpepper-gourmet"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "travel"}, "code"),
        ({"code": "Ünï cödé/../"}, "code"),
        ({"code": ""}, "code"),
        ({"code": "x" * 70}, "code"),
        ({"title": "x" * 300}, "title"),
        ({"services": ["jalan", "nothing"]}, "services"),
        ({"scopes": ["disclosures:write", "admin"]}, "scopes"),
    ],
)
def test_create_reporter_refuses_and_makes_nothing(reporter, change, field):
    with pytest.raises(InvalidValue) as refused:
        create_reporter(**{"code": "new", "title": "New", "services": ["jalan"], **change})
    assert refused.value.field == field
    assert Reporter.objects.count() == 1


def test_create_reporter_refuses_a_retired_service(db):
    Service.objects.filter(code="jalan").update(retired_at=timezone.now())
    with pytest.raises(InvalidValue):
        create_reporter(code="new", title="New", services=["jalan"])


def test_create_reporter_command_shows_working_credentials(client, capsys, db):
    call_command("create_reporter", "new", "--services", "jalan")
    said = dict(line.split(":", 1) for line in capsys.readouterr().out.splitlines()[:2])
    answer = client.post(
        "/api/v1/token",
        urlencode({"grant_type": "client_credentials", **{name: value.strip() for name, value in said.items()}}),
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 200


def test_create_reporter_command_for_a_shell_prints_two_lines_alone(capsys, db):
    call_command("create_reporter", "new", "--services", "jalan", "--shell")
    assert [line.split("=")[0] for line in capsys.readouterr().out.splitlines()] == [
        "export CLIENT_ID", "export CLIENT_SECRET",
    ]  # fmt: skip


def test_create_reporter_without_the_setting_is_refused_in_a_sandbox(sandbox, settings):
    settings.SANDBOX = False
    with pytest.raises(CommandError, match="begun as a sandbox"):
        call_command("create_reporter", "new", "--services", "jalan")
    assert not Reporter.objects.filter(code="new").exists()


@pytest.mark.parametrize("arguments", [["travel", "--services", "jalan"], ["new", "--services", "nothing"]])
def test_create_reporter_command_says_what_is_wrong(reporter, arguments):
    with pytest.raises(CommandError, match=r"travel|nothing"):
        call_command("create_reporter", *arguments)
