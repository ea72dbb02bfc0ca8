"""manage.py prepare: fills an empty database once, then keeps what is there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

MANAGE = Path(settings.BASE_DIR) / "manage.py"

PUBLIC_BEFORE_ALL = """
from disclosures.models import Disclosure, Publication
print(Publication.objects.newest().published_at < Disclosure.objects.earliest("occurred_at").occurred_at)
"""

RECORD_A_LOST_MIGRATION = """
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
MigrationRecorder(connection).record_applied("disclosures", "0003_desk")
"""


@pytest.fixture
def manage(tmp_path):
    """Run a command on a database of its own, which is not there at first. Returns the lines that it said."""

    def run(*arguments, status=0, **more):
        database = f"sqlite:///{tmp_path / 'new' / 'db.sqlite3'}"
        environment = {**os.environ, "DEMO": "1", "DEMO_PASSWORD": "seven-boats", "DATABASE_URL": database, **more}
        done = subprocess.run(
            [sys.executable, "-W", "ignore", MANAGE, *arguments], env=environment, capture_output=True, text=True
        )
        assert done.returncode == status, done.stderr
        return (done.stdout + done.stderr).splitlines()

    return run


def test_prepare_fills_an_empty_database_and_keeps_a_full_one(manage):
    first, second = manage("prepare", "--no-static"), manage("prepare", "--no-static")
    log_ins = "Demo log-ins: hanako, taro, sora, mio, editor, officer, admin. Password of each: seven-boats"
    assert first[1:] == [
        "Content: starter content published.",
        "Demo: made-up people, recipients and disclosures loaded.",
        log_ins,
    ]
    assert second == ["Database: up to date.", "Content: kept as it is.", "Demo: kept as it is.", log_ins]
    # Each disclosure of the demo names the text that was public on its day.
    assert manage("shell", "-v", "0", "-c", PUBLIC_BEFORE_ALL) == ["True"]


def test_prepare_in_production_loads_no_demo(manage):
    production = {
        "DEMO": "0",
        "SECRET_KEY": "x" * 50,
        "ALLOWED_HOSTS": "privacy.example",
        "RECEIPT_SIGNING_KEY": "k" * 43,
        "LOG_SIGNING_KEY": "l" * 43,
        "DEFAULT_FROM_EMAIL": "privacy@example.com",
        "TRUSTED_PROXIES": "1",
    }
    assert manage("prepare", "--no-static", **production)[1:] == ["Content: starter content published."]


def test_prepare_unreachable_database(manage):
    said = manage("prepare", status=1, DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")
    assert len(said) == 1
    assert said[0].startswith("CommandError: The database cannot be used: ")


def test_prepare_refuses_a_database_from_before_the_first_release(manage, tmp_path):
    (tmp_path / "new").mkdir()
    manage("migrate", "-v", "0")
    manage("shell", "-v", "0", "-c", RECORD_A_LOST_MIGRATION)
    said = manage("prepare", "--no-static", status=1)
    assert "made by another version of the program, which applied disclosures.0003_desk" in said[-1]
    assert "begin anew" in said[-1]
    assert manage(
        "shell", "-v", "0", "-c", "from disclosures.models import Service; print(Service.objects.count())"
    ) == ["0"]
