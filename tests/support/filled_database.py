"""A database that is filled once and copied for each process that runs tests: for runs of a few tests, many times over."""

import os
import shutil
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connections

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


def fill() -> None:
    """Make the file that ``FILLED_DATABASE`` names. Run in a process of its own, with no other database."""
    import django

    os.environ["DATABASE_URL"] = f"sqlite:///{os.environ[VARIABLE]}"
    django.setup()
    from tests.support.content import load_world

    call_command("migrate", verbosity=0)
    load_world()
    # Then one file holds it all.
    connections["default"].cursor().execute("PRAGMA journal_mode=DELETE")


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    fill()
