"""manage.py serve, as a person or a service manager sees it: a port, a line, a signal, an exit status."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.conf import settings

MANAGE = Path(settings.BASE_DIR) / "manage.py"
PATIENCE_SECONDS = 40
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def environment_with(database):
    return {**os.environ, "DEMO": "1", "DATABASE_URL": f"sqlite:///{database}"}


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """A database with its tables: without them the worker complains, sooner or later, into what a test reads."""
    database = tmp_path_factory.mktemp("serve") / "migrated.sqlite3"
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


def descendants(pid):
    """Process ids below this one."""
    with suppress(FileNotFoundError, ProcessLookupError):
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [each for child in map(int, children) for each in (child, *descendants(child))]
    return []


def is_alive(pid):
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def worker_of(process):
    for pid in descendants(process.pid):
        with suppress(FileNotFoundError, ProcessLookupError):
            if Path(f"/proc/{pid}/cmdline").read_bytes().endswith(b"\0work\0"):
                return pid
    return None


def wait_until(condition):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (value := condition()):
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)
    return value


def line_with(process, text):
    """The next line that holds the text, and all that came before it."""
    said = ""
    for line in process.stdout:
        said += line
        if text in line:
            return said
    raise AssertionError(f"ended without {text!r}: {said}")


def url_of(process):
    return re.search(r"Serving on (http://\S+)", line_with(process, "Serving on")).group(1)


def test_serve_answers_when_it_says_so(serve):
    url = url_of(serve("--port=0"))
    with urlopen(f"{url}/healthz") as answer:
        assert answer.status == 200


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
