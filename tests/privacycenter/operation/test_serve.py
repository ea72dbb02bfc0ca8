"""manage.py serve, as a person or a service manager sees it: a port, a line, a signal, an exit status."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.conf import settings

from tests.support.prepared import copy_tables
from tests.support.processes import PATIENCE_SECONDS, descendants, is_alive, line_with, url_of, wait_until

MANAGE = Path(settings.BASE_DIR) / "manage.py"
pytestmark = [pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"), pytest.mark.once]


def environment_with(database):
    return {**os.environ, "DEMO": "1", "DATABASE_URL": f"sqlite:///{database}"}


@pytest.fixture(scope="session")
def migrated(django_db_setup, tmp_path_factory):
    """A database with its tables: without them the worker complains, sooner or later, into what a test reads."""
    database = tmp_path_factory.mktemp("serve") / "migrated.sqlite3"
    if not copy_tables(database):
        command = [sys.executable, "-W", "ignore", MANAGE, "migrate", "--verbosity=0"]
        subprocess.run(command, env=environment_with(database), check=True)
    return database


@pytest.fixture
def serve(tmp_path, migrated):
    """Start ``manage.py serve`` on a free port. Whatever is left of it at the end is killed."""
    started = []
    environment = environment_with(shutil.copy(migrated, tmp_path / "db.sqlite3"))

    def start(*arguments):
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", MANAGE, "serve", "--workers=1", *arguments],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        for pid in [process.pid, *descendants(process.pid)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()


def worker_of(process):
    for pid in descendants(process.pid):
        with suppress(FileNotFoundError, ProcessLookupError):
            if Path(f"/proc/{pid}/cmdline").read_bytes().endswith(b"\0work\0"):
                return pid
    return None


def test_serve_answers_when_it_says_so(serve):
    url = url_of(serve("--port=0"))
    with urlopen(f"{url}/healthz") as answer:
        assert answer.status == 200


def test_pages_and_worker_have_one_key_without_one_given(serve):
    """What an upload brings is sealed by a page and opened by the worker."""
    process = serve("--port=0")
    url_of(process)
    environments = [Path(f"/proc/{pid}/environ").read_bytes().split(b"\0") for pid in descendants(process.pid)]
    keys = {line for lines in environments for line in lines if line.startswith(b"SECRET_KEY=")}
    assert len(environments) > 1 and len(keys) == 1


@pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGTERM])
def test_serve_stops_cleanly(serve, name):
    process = serve("--port=0")
    url_of(process)
    children = descendants(process.pid)
    process.send_signal(name)
    said, _ = process.communicate(timeout=PATIENCE_SECONDS)
    assert (process.returncode, said) == (0, "Stopping …\n")
    assert not any(map(is_alive, children))


def test_serve_port_in_use(serve):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        process = serve(f"--port={port}", "--prepare")
        said, _ = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 1
    assert said.splitlines() == [
        f"CommandError: Cannot listen on 127.0.0.1 port {port}: Address already in use. "
        "Choose another one with PORT= or --port."
    ]


def test_serve_killed_leaves_nothing_running(serve):
    process = serve("--port=0")
    url_of(process)
    children = descendants(process.pid)
    assert len(children) >= 3, "gunicorn, its worker, our worker"
    process.kill()
    wait_until(lambda: not any(map(is_alive, children)))


def test_serve_ends_with_gunicorn(serve):
    process = serve("--port=0")
    url_of(process)
    ours = worker_of(process)
    web = next(pid for pid in descendants(process.pid) if pid != ours)
    os.kill(web, signal.SIGKILL)
    said, _ = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 128 + signal.SIGKILL
    assert "The web server ended by itself (SIGKILL)." in said
    assert not is_alive(ours)


def test_serve_starts_a_dead_worker_again(serve):
    process = serve("--port=0")
    url_of(process)
    first = wait_until(lambda: worker_of(process))
    os.kill(first, signal.SIGKILL)
    assert "The worker ended (SIGKILL)." in line_with(process, "worker ended")
    assert wait_until(lambda: worker_of(process)) != first
