"""What ``bin/mutants`` needs: a few tests, many times over, each time in a process of its own.

The copy's conftest takes the fixtures from here. The database is filled once and copied for each process. Nothing that
is made once a process is remembered from one test to the next, so that it is known which tests use what makes it.
"""

import os
import shutil
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connections

from disclosures.ledger.permissions import permission_source
from privacycenter.database.compiled_queries import Statement

VARIABLE = "FILLED_DATABASE"


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker):
    """In the place of pytest-django's fixture of this name."""
    filled = Path(os.environ[VARIABLE])
    own = filled.with_name(f"{filled.stem}-{os.getpid()}.sqlite3")
    shutil.copyfile(filled, own)
    connection = connections["default"]
    connection.close()
    connection.settings_dict["NAME"] = str(own)
    yield
    with django_db_blocker.unblock():
        connection.close()
    own.unlink()


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch):
    monkeypatch.setattr(Statement, "made", property(Statement.made.func))
    permission_source.cache_clear()


def fill() -> None:
    """Make the file that ``FILLED_DATABASE`` names. Run in a process of its own, with no other database."""
    from tests.support.content import load_world

    call_command("migrate", verbosity=0)
    load_world()
    # Then one file holds it all.
    connections["default"].cursor().execute("PRAGMA journal_mode=DELETE")
