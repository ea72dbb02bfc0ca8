"""A wrong environment is one clear line at the start."""

import os
import subprocess
import sys

import pytest

from privacycenter.operation import environment as environment_module
from privacycenter.operation.environment import read_environment
from tests.support.content import ROOT
from tests.support.forked import forked_commands

pytestmark = pytest.mark.once

GOOD = {
    "SECRET_KEY": "k" * 50,
    "ALLOWED_HOSTS": "privacy.example",
    "RECEIPT_SIGNING_KEY": "k" * 43,
    "LOG_SIGNING_KEY": "l" * 43,
    "DEFAULT_FROM_EMAIL": "privacy@example.com",
    "TRUSTED_PROXIES": "1",
}
NEEDED = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "VIRTUAL_ENV")}


def whole(environment):
    return {**NEEDED, **{name: value for name, value in {**GOOD, **environment}.items() if value is not None}}


def check(**environment):
    return subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=whole(environment), capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def manage():
    with forked_commands() as run:
        yield run


@pytest.mark.parametrize(
    ("variable", "environment"),
    [
        ("SECRET_KEY", {"SECRET_KEY": None}),
        ("RECEIPT_SIGNING_KEY", {"RECEIPT_SIGNING_KEY": None}),
        ("RECEIPT_SIGNING_KEY", {"RECEIPT_SIGNING_KEY": "short"}),
        ("LOG_SIGNING_KEY", {"LOG_SIGNING_KEY": None}),
        ("LOG_SIGNING_KEY", {"LOG_SIGNING_KEY": "short"}),
        ("LOG_SIGNING_KEY", {"LOG_SIGNING_KEY": "no base64 ü"}),
        ("LOG_SIGNING_KEY must be another", {"LOG_SIGNING_KEY": "k" * 43}),
        ("LOG_ORIGIN", {"LOG_ORIGIN": "two words"}),
        ("LOG_ORIGIN", {"LOG_ORIGIN": "a+b"}),
        ("LOG_POLICY", {"LOG_POLICY": "/not/there"}),
        ("LOG_POLICY", {"LOG_POLICY": "pyproject.toml"}),
        ("SANDBOX", {"SANDBOX": "perhaps"}),
        (
            "SANDBOX=1 has made-up people",
            {
                "SANDBOX": "1",
                "OIDC_ISSUER": "https://id.example/",
                "OIDC_CLIENT_ID": "x",
                "OIDC_CLIENT_SECRET": "x",
            },
        ),
        ("SANDBOX=1 sends no mail", {"SANDBOX": "1", "EMAIL_URL": "smtp://mail.example:25"}),
        ("LOG_ORIGIN of a sandbox", {"SANDBOX": "1", "LOG_ORIGIN": "privacy.example/log/1"}),
        ("STORAGE_URL", {"STORAGE_URL": "s3+http://key:geheim@store.example/files"}),
        ("RECEIPT_RETIRED_KEYS", {"RECEIPT_RETIRED_KEYS": "{}"}),
        ("SECRET_KEY", {"SECRET_KEY": "k" * 49}),
        ("ALLOWED_HOSTS", {"ALLOWED_HOSTS": None}),
        ("ALLOWED_HOSTS", {"ALLOWED_HOSTS": ""}),
        ("DEBUG", {"DEBUG": "maybe"}),
        ("DEMO", {"DEMO": "perhaps"}),
        ("DATABASE_URL", {"DATABASE_URL": "bogus"}),
        ("DATABASE_URL", {"DATABASE_URL": "mysql://u@h/db"}),
        ("DATABASE_URL", {"DATABASE_URL": "postgresql://u:geheim@h:port/db"}),
        ("DATABASE_URL", {"DATABASE_URL": "postgresql://u@h/db?pooler=session"}),
        (
            "DATABASE_REPLICA_URL",
            {"DATABASE_URL": "postgresql://u@h/db", "DATABASE_REPLICA_URL": "postgresql://u@h/db?pooler=x"},
        ),
        ("DATABASE_REPLICA_URL", {"DATABASE_REPLICA_URL": "postgresql://u@h/db"}),
        ("DATABASE_REPLICA_URL", {"DATABASE_URL": "postgresql://u@h/db", "DATABASE_REPLICA_URL": "sqlite:///x"}),
        ("DATABASE_REPLICA_URL", {"DATABASE_URL": "postgresql://u@h/db", "DATABASE_REPLICA_URL": "bogus"}),
        ("EMAIL_URL", {"EMAIL_URL": "wat"}),
        ("EMAIL_URL", {"EMAIL_URL": "smtp://h:port"}),
        ("DEFAULT_FROM_EMAIL", {"DEFAULT_FROM_EMAIL": None}),
        ("DEFAULT_FROM_EMAIL", {"DEFAULT_FROM_EMAIL": "Privacy Center"}),
        ("DEFAULT_FROM_EMAIL", {"DEFAULT_FROM_EMAIL": "a@example.com\nBcc: b@example.com"}),
        ("PORT", {"PORT": "x"}),
        ("PORT", {"PORT": "99999"}),
        ("PORT", {"PORT": "0"}),
        ("OIDC_CLIENT_SECRET", {"OIDC_ISSUER": "https://sso.example", "OIDC_CLIENT_ID": "a"}),
        ("OIDC_ISSUER", {"OIDC_CLIENT_SECRET": "b"}),
        ("SITE_ADDRESS", {"SITE_ADDRESS": "privacy.example"}),
        ("SITE_ADDRESS", {"ALLOWED_HOSTS": "*"}),
        ("TRUSTED_PROXIES", {"TRUSTED_PROXIES": None}),
        ("TRUSTED_PROXIES", {"TRUSTED_PROXIES": "0"}),
        ("TRUSTED_PROXIES", {"TRUSTED_PROXIES": "proxy.internal"}),
        ("WEBHOOK_ALLOW_PRIVATE", {"WEBHOOK_ALLOW_PRIVATE": "some"}),
        ("METRICS_TOKEN", {"METRICS_TOKEN": "short"}),
        ("INQUIRY_LAW", {"INQUIRY_LAW": "lgpd"}),
        ("INQUIRY_DAYS", {"INQUIRY_DAYS": "0"}),
        ("PUBLIC_FILE_MB", {"PUBLIC_FILE_MB": "0"}),
        ("TIME_ZONE", {"TIME_ZONE": "Tokyo"}),
        ("THEME", {"THEME": "/no/such/folder"}),
        ("PUBLIC_FILE_MB", {"PUBLIC_FILE_MB": "11"}),
        ("UPLOAD_MB", {"UPLOAD_MB": "0"}),
        ("UPLOAD_MB", {"UPLOAD_MB": "4097"}),
        ("LANGUAGES", {"LANGUAGES": "en,ja"}),
        ("LANGUAGES", {"LANGUAGES": ""}),
        ("LANGUAGES", {"LANGUAGES": "ja,xx"}),
        ("LANGUAGES", {"LANGUAGES": "ja,zh-cn"}),
        ("LANGUAGES", {"LANGUAGES": "ja,no"}),
        ("LANGUAGES", {"LANGUAGES": "ja,en,en"}),
        ("LANGUAGES", {"LANGUAGES": "ja,ar"}),
        ("SENTRY_DSN", {"SENTRY_DSN": "https://key@errors.example/1"}),
    ],
)
def test_environment_with_a_wrong_value_is_one_line_that_names_it(manage, variable, environment):
    ended = manage(["check"], whole(environment))
    assert (ended.returncode, ended.stdout) == (2, "")
    assert len(ended.stderr.splitlines()) == 1
    assert variable in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "geheim" not in ended.stderr


def test_environment_with_a_wrong_value_ends_a_command_that_is_started():
    ended = check(SECRET_KEY="short")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert len(ended.stderr.splitlines()) == 1 and "SECRET_KEY" in ended.stderr


def test_environment_that_is_right_passes():
    ended = check(
        PORT="80",
        LANGUAGES="ja, en, zh-hans,ko",
        EMAIL_URL="smtp://mail.example:25",
        DEFAULT_FROM_EMAIL="プライバシーセンター <privacy@example.com>",
        DATABASE_URL="postgresql://u@h/db",
    )
    assert (ended.returncode, ended.stderr) == (0, "")


def test_mails_are_written_below_no_other_directory(trial, monkeypatch):
    monkeypatch.setenv("EMAIL_URL", "file:///tmp/mails")
    assert environment_module.read_environment().email["EMAIL_FILE_PATH"] == "/tmp/mails"


@pytest.fixture
def trial(monkeypatch, tmp_path):
    """A trial run in a folder of its own."""
    for name in ("SECRET_KEY", "RECEIPT_SIGNING_KEY", "ALLOWED_HOSTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DEMO", "1")
    monkeypatch.setattr(environment_module, "BASE_DIR", tmp_path)
    (tmp_path / "var").mkdir()
    return tmp_path / "var"


def test_commands_beside_a_trial_run_use_the_key_that_it_keeps(trial):
    (trial / "secret-key").write_text("kept" * 20 + "\n")
    first, second = read_environment(), read_environment()
    assert first.secret_key == "kept" * 20 and first.receipt_signing_key == second.receipt_signing_key


def test_trial_run_without_a_kept_key_has_a_new_one_each_time(trial):
    assert read_environment().secret_key != read_environment().secret_key


def test_key_of_a_trial_run_is_not_used_in_production(trial, monkeypatch, capsys):
    (trial / "secret-key").write_text("kept" * 20)
    monkeypatch.delenv("DEMO")
    with pytest.raises(SystemExit):
        read_environment()
    assert "SECRET_KEY is not set" in capsys.readouterr().err


@pytest.mark.parametrize("trial", [{"DEMO": "1"}, {"DEBUG": "1"}])
def test_environment_of_a_trial_needs_nothing_else(trial):
    assert check(SECRET_KEY=None, ALLOWED_HOSTS=None, **trial).returncode == 0


@pytest.mark.parametrize(("address", "cursors"), [("", True), ("?pooler=transaction", False)])
def test_behind_a_pooler_by_transaction_no_cursor_is_kept_on_the_server(trial, monkeypatch, address, cursors):
    for name in ("DATABASE_URL", "DATABASE_REPLICA_URL"):
        monkeypatch.setenv(name, f"postgresql://privacy@db.internal/privacy{address}")
    found = read_environment()
    for database in (found.database, found.replica):
        assert database["DISABLE_SERVER_SIDE_CURSORS"] is not cursors
        # Whatever is left there is told to PostgreSQL, which would refuse it.
        assert "pooler" not in database.get("OPTIONS", {})


def test_sandbox_signs_with_keys_and_under_a_name_of_its_own(trial, monkeypatch):
    monkeypatch.setenv("LOG_SIGNING_KEY", "l" * 43)
    monkeypatch.setenv("RECEIPT_SIGNING_KEY", "k" * 43)
    real = read_environment()
    monkeypatch.setenv("SANDBOX", "1")
    sandbox = read_environment()
    assert sandbox.log_seed != real.log_seed and sandbox.receipt_signing_key != real.receipt_signing_key
    assert (real.log_origin, sandbox.log_origin) == ("127.0.0.1:8000/log/1", "127.0.0.1:8000/sandbox/log/1")


def test_sandbox_may_be_on_the_internet_like_any_other():
    assert check(SANDBOX="1", LOG_ORIGIN="privacy.example/sandbox/1").returncode == 0
