"""A site of its own, in processes of its own: scripts, commands and a server on one database."""

import os
import subprocess
import sys
import threading
from pathlib import Path

from django.conf import settings

from tests.support.processes import kill_all, url_of

MANAGE = Path(settings.BASE_DIR) / "manage.py"
BEGIN = """
import django; django.setup()
"""
# Tables and the world of the tests, if they are not there.
FILL = """
from django.core.management import call_command
from django.db import connection
from disclosures.models import Publication
from tests.support.content import load_world
if Publication._meta.db_table not in connection.introspection.table_names():
    call_command("migrate", verbosity=0)
if not Publication.objects.exists():
    load_world()
"""
# A reporter as well; prints its client id and secret as JSON.
PREPARE = (
    FILL
    + """
import json
from disclosures.reporters.actions import create_reporter
reporter, secret = create_reporter(code="travel", title="Travel", services=["jalan", "hotpepper-gourmet"])
print(json.dumps([reporter.client_id, secret]))
"""
)
# Who is made, or is there; prints the key of a session of theirs.
LOG_IN = """
from tests.support.people import client_of, make_user
from privacycenter.models import User
person = User.objects.with_subject("subject-{name}") or make_user("{name}")
print(client_of(person).cookies["sessionid"].value)
"""


class Site:
    """Scripts, commands and a server under one environment. ``more``: further settings."""

    def __init__(self, address: str, **more: str) -> None:
        self.address, self.process = address, None
        self.environment = {
            **os.environ, "DEMO": "1", "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "privacycenter.settings",
            **more,
        }  # fmt: skip

    def script(self, source: str) -> str:
        command = [sys.executable, "-W", "ignore", "-c", BEGIN + source]
        done = subprocess.run(command, env=self.environment, cwd=settings.BASE_DIR, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def manage(self, *arguments: str) -> str:
        command = [sys.executable, "-W", "ignore", MANAGE, *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def serve(self, *arguments: str) -> str:
        """Start the server and its worker. Return where it is."""
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", MANAGE, "serve", "--port=0", "--workers=1", *arguments],
            env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        url = url_of(self.process)
        # What it says later must not fill the pipe, which would stop it.
        self.said = []
        self.reader = threading.Thread(target=self.said.extend, args=(self.process.stdout,), daemon=True)
        self.reader.start()
        return url

    def log_in(self, name: str) -> str:
        """Return the key of a session of this person, who is made if need be."""
        return self.script(LOG_IN.format(name=name)).strip()

    def stop(self) -> None:
        if self.process:
            kill_all(self.process)
            self.reader.join()
            self.process.stdout.close()
            self.process = None

    def remove(self) -> None:
        self.stop()
