"""Serving an application for a measurement: gunicorn as `manage.py serve` runs it, on a free port, until the end."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.client import Address, ask

ROOT = Path(__file__).resolve().parent.parent
MANAGE = [sys.executable, "-W", "ignore", str(ROOT / "manage.py")]
PATIENCE_SECONDS = 60


@contextmanager
def product_environment(**more: str) -> Iterator[dict[str, str]]:
    """Yield the environment of a new site: an empty SQLite database and static files in a temporary folder."""
    with TemporaryDirectory(prefix="bench-") as folder:
        yield {
            **{name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DEBUG")},
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
            "BENCH_STATIC": f"{folder}/static",
            "SECRET_KEY": "only-for-measurements-" * 4,
            "DEMO": "1",
            "PYTHONPATH": str(ROOT),
            **more,
        }


def manage(environment: Mapping[str, str], *arguments: str) -> str:
    """Run one management command to its end. Return its output."""
    done = subprocess.run([*MANAGE, *arguments], env=environment, capture_output=True, text=True)  # noqa: S603  our own
    if done.returncode:
        raise RuntimeError(f"manage.py {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


@contextmanager
def served(
    application: str, environment: Mapping[str, str], *, threads: int = 8, python: str = sys.executable,
    folder: Path = ROOT,
) -> Iterator[Address]:  # fmt: skip
    """Serve with one gunicorn process with threads, as `manage.py serve` starts it: one, so that all use one core.

    ``python``, ``folder``: of an application that is not ours.
    """
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as listener:
        address = listener.getsockname()
        command = [
            python, "-m", "gunicorn", application, f"--bind=fd://{listener.fileno()}",
            "--worker-class=gthread", "--workers=1", f"--threads={threads}", "--preload",
            "--no-control-socket", "--log-level=warning", f"--chdir={folder}",
        ]  # fmt: skip
        process = subprocess.Popen(command, env=environment, pass_fds=(listener.fileno(),))  # noqa: S603  our own
        try:
            wait_for(address, process)
            yield address
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE_SECONDS)


def wait_for(address: Address, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            ask(address, "/")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{process.args} does not answer")


def table(title: str, head: list[str], rows: list[list[object]]) -> None:
    """Print one table, the first column left-aligned, the others right-aligned."""
    texts = [head, *([str(value) for value in row] for row in rows)]
    widths = [max(len(row[column]) for row in texts) for column in range(len(head))]
    print(f"\n{title}")
    for number, row in enumerate(texts):
        cells = [
            text.rjust(width) if column else text.ljust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        print("  ".join(cells).rstrip())
        if number == 0:
            print("  ".join("-" * width for width in widths))
