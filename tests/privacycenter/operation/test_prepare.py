"""manage.py prepare: what it does in production, and what it refuses. tests/site/test_deploy.py fills an empty database."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.support.prepared import copy_tables

MANAGE = Path(settings.BASE_DIR) / "manage.py"
# Each has an SQLite file of its own, whatever the others run on.
pytestmark = pytest.mark.once

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


@pytest.fixture
def migrated(django_db_setup, manage, tmp_path):
    """The database of ``manage`` has its tables already: making them is the longest part."""
    (tmp_path / "new").mkdir()
    if not copy_tables(tmp_path / "new" / "db.sqlite3"):
        manage("migrate", "-v", "0")


PRODUCTION = {
    "DEMO": "0",
    "SECRET_KEY": "x" * 50,
    "ALLOWED_HOSTS": "privacy.example",
    "RECEIPT_SIGNING_KEY": "k" * 43,
    "LOG_SIGNING_KEY": "l" * 43,
    "DEFAULT_FROM_EMAIL": "privacy@example.com",
    "TRUSTED_PROXIES": "1",
}
WHAT_IS_THERE = """
from disclosures.models import Publication, Site
print(Publication.objects.count(), Site.objects.count())
"""


def test_prepare_in_production_publishes_nothing_and_says_what_to_do(manage, migrated):
    said = manage("prepare", "--no-static", **PRODUCTION)
    assert said[1:] == ["Content: none. Begin your site with manage.py init_site (docs/adopt.md)."]
    assert manage("shell", "-v", "0", "-c", WHAT_IS_THERE, **PRODUCTION) == ["0 0"]


def test_prepare_publishes_the_starter_in_production_when_told_to(manage, migrated):
    assert manage("prepare", "--no-static", "--starter", **PRODUCTION)[1:] == ["Content: starter content published."]
    assert manage("prepare", "--no-static", "--starter", **PRODUCTION)[1:] == ["Content: kept as it is."]


def test_prepare_says_what_waits_once_the_site_is_begun(manage, migrated):
    manage("load_content", **PRODUCTION)
    said = manage("prepare", "--no-static", **PRODUCTION)
    assert said[1:] == ["Content: nothing is published yet. Log in at /admin/, look at the preview, and publish."]


def test_prepare_unreachable_database(manage):
    said = manage("prepare", status=1, DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")
    assert len(said) == 1
    assert said[0].startswith("CommandError: The database cannot be used: ")


def test_prepare_refuses_a_database_from_before_the_first_release(manage, migrated):
    manage("shell", "-v", "0", "-c", RECORD_A_LOST_MIGRATION)
    said = manage("prepare", "--no-static", status=1)
    assert "made by another version of the program, which applied disclosures.0003_desk" in said[-1]
    assert "begin anew" in said[-1]
    assert manage(
        "shell", "-v", "0", "-c", "from disclosures.models import Service; print(Service.objects.count())"
    ) == ["0"]
