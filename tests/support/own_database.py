"""Commands on an SQLite database of their own, as an operator runs them: a process each."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from tests.support.prepared import copy_tables

MANAGE = Path(settings.BASE_DIR) / "manage.py"
# What no command should take from whoever runs the tests.
OWN = {"PATH", "HOME", "LANG", "VIRTUAL_ENV", "PYTHONPATH"}


def managing(folder: Path, **environment: str) -> Callable[..., list[str]]:
    """Return a function that runs a command and returns the lines it said. The database has its tables already."""
    database = folder / "own.sqlite3"
    if not database.exists():
        copy_tables(database)
    known = {name: value for name, value in os.environ.items() if name in OWN}

    def run(*arguments: str, status: int = 0, **more: str) -> list[str]:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", str(MANAGE), *arguments], cwd=settings.BASE_DIR, capture_output=True, text=True,
            env={**known, "DATABASE_URL": f"sqlite:///{database}", **environment, **more},
        )  # fmt: skip
        assert done.returncode == status, done.stdout + done.stderr
        return (done.stdout + done.stderr).splitlines()

    return run
