"""A wrong environment is one clear line at the start."""

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT

GOOD = {"SECRET_KEY": "k" * 50, "ALLOWED_HOSTS": "privacy.example", "RECEIPT_SIGNING_KEY": "k" * 43}
NEEDED = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "VIRTUAL_ENV")}


def check(**environment):
    values = {name: value for name, value in {**GOOD, **environment}.items() if value is not None}
    return subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env={**NEEDED, **values}, capture_output=True, text=True
    )


@pytest.mark.parametrize(
    ("variable", "environment"),
    [
        ("SECRET_KEY", {"SECRET_KEY": None}),
        ("RECEIPT_SIGNING_KEY", {"RECEIPT_SIGNING_KEY": None}),
        ("RECEIPT_SIGNING_KEY", {"RECEIPT_SIGNING_KEY": "short"}),
        ("RECEIPT_RETIRED_KEYS", {"RECEIPT_RETIRED_KEYS": "{}"}),
        ("SECRET_KEY", {"SECRET_KEY": "k" * 49}),
        ("ALLOWED_HOSTS", {"ALLOWED_HOSTS": None}),
        ("ALLOWED_HOSTS", {"ALLOWED_HOSTS": ""}),
        ("DEBUG", {"DEBUG": "maybe"}),
        ("DEMO", {"DEMO": "perhaps"}),
        ("DATABASE_URL", {"DATABASE_URL": "bogus"}),
        ("DATABASE_URL", {"DATABASE_URL": "mysql://u@h/db"}),
        ("DATABASE_URL", {"DATABASE_URL": "postgresql://u:geheim@h:port/db"}),
        ("EMAIL_URL", {"EMAIL_URL": "wat"}),
        ("EMAIL_URL", {"EMAIL_URL": "smtp://h:port"}),
        ("PORT", {"PORT": "x"}),
        ("PORT", {"PORT": "99999"}),
        ("PORT", {"PORT": "0"}),
        ("OIDC_CLIENT_SECRET", {"OIDC_ISSUER": "https://sso.example", "OIDC_CLIENT_ID": "a"}),
        ("OIDC_ISSUER", {"OIDC_CLIENT_SECRET": "b"}),
        ("SITE_ADDRESS", {"SITE_ADDRESS": "privacy.example"}),
        ("SITE_ADDRESS", {"ALLOWED_HOSTS": "*"}),
        ("WEBHOOK_ALLOW_PRIVATE", {"WEBHOOK_ALLOW_PRIVATE": "some"}),
        ("METRICS_TOKEN", {"METRICS_TOKEN": "short"}),
        ("SENTRY_DSN", {"SENTRY_DSN": "https://key@errors.example/1"}),
    ],
)
def test_environment_with_a_wrong_value_is_one_line_that_names_it(variable, environment):
    ended = check(**environment)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert len(ended.stderr.splitlines()) == 1
    assert variable in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "geheim" not in ended.stderr


def test_environment_that_is_right_passes():
    ended = check(PORT="80", EMAIL_URL="smtp://mail.example:25", DATABASE_URL="postgresql://u@h/db")
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize("trial", [{"DEMO": "1"}, {"DEBUG": "1"}])
def test_environment_of_a_trial_needs_nothing_else(trial):
    assert check(SECRET_KEY=None, ALLOWED_HOSTS=None, **trial).returncode == 0
