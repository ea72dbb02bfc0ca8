"""manage.py serve: the web server (gunicorn) and the worker side by side, until one signal stops both."""

import ctypes
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

# The Prometheus client's variable. Do not import the client here: it decides at import whether there is a folder.
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
MANAGE = [sys.executable, str(settings.BASE_DIR / "manage.py")]
LOOK_SECONDS = 0.2
RESTART_SECONDS = 5.0
STOP_SECONDS = 40.0  # longer than gunicorn's 30 seconds for open requests
WORKER_NICENESS = 5  # nice(1): about a third of the weight
PR_SET_PDEATHSIG = 1  # prctl(2)


class Command(BaseCommand):
    help = "Serve the site: gunicorn and the worker. Stops both cleanly on Ctrl-C and SIGTERM."
    requires_system_checks = ()  # gunicorn and the worker run them when they start

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
        parser.add_argument("--port", type=int, default=settings.PORT, help="port (default: PORT, now %(default)s)")
        parser.add_argument("--workers", type=int, default=2, help="gunicorn processes (default: %(default)s)")
        parser.add_argument("--threads", type=int, default=8, help="threads in each (default: %(default)s)")
        parser.add_argument("--without-worker", action="store_true", help="the web server alone; others run the worker")
        parser.add_argument("--prepare", action="store_true", help="run `manage.py prepare` first")

    def handle(
        self,
        *args: Any,
        host: str,
        port: int,
        workers: int,
        threads: int,
        prepare: bool,
        without_worker: bool = False,
        **options: Any,
    ) -> None:
        self.stopping = 0
        listener = bind(host, port)
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, self.stop)
        if prepare:
            self.prepare()
        listen(listener, host, port)
        visit = first_visit(listener)
        # Where each process of gunicorn stores its counts, so that /metrics of any of them shows all.
        counts = tempfile.mkdtemp(prefix="privacycenter-counts-")
        web = start(
            gunicorn_command(listener, workers, threads), pass_fds=(listener.fileno(),), more={SHARED_FOLDER: counts}
        )
        worker = None if without_worker else start_worker(counts)
        url = url_of(listener)
        listener.close()  # from here on only gunicorn accepts, so no visitor waits for a server that is gone
        status = self.watch(web, worker, visit, url, counts)
        shutil.rmtree(counts, ignore_errors=True)
        raise SystemExit(status)

    def stop(self, *_: Any) -> None:
        self.stopping += 1

    def prepare(self) -> None:
        """Run `manage.py prepare` to its end. Exits if it failed, or if a signal asked to stop."""
        child = start([*MANAGE, "prepare"])
        while child.poll() is None and not self.stopping:
            time.sleep(LOOK_SECONDS)
        if self.stopping:
            self.end([child])
            raise SystemExit(0)
        if child.returncode:
            raise SystemExit(1)

    def watch(
        self,
        web: subprocess.Popen[bytes],
        worker: subprocess.Popen[bytes] | None,
        visit: socket.socket,
        url: str,
        counts: str,
    ) -> int:
        """Wait for a signal or the end of gunicorn. Return the exit status; no child is left."""
        restart_at: float | None = None
        is_ready = False
        while not self.stopping and web.poll() is None:
            if is_ready:
                time.sleep(LOOK_SECONDS)
            elif is_ready := has_answer(visit):
                self.say(f"Serving on {url}")
            if worker and restart_at is None and worker.poll() is not None:
                self.say(f"The worker ended ({ending(worker)}). It starts again in {RESTART_SECONDS:.0f} seconds.")
                restart_at = time.monotonic() + RESTART_SECONDS
            elif restart_at is not None and time.monotonic() >= restart_at:
                worker = start_worker(counts)
                restart_at = None
        if self.stopping:
            self.say("Stopping …")
            status = 0
        else:
            self.say(f"The web server ended by itself ({ending(web)}).")
            # A shell reports a signal as 128 + its number.
            status = web.returncode if web.returncode >= 0 else 128 - web.returncode
        self.end([web, worker] if worker else [web])
        return status

    def end(self, children: list[subprocess.Popen[bytes]]) -> None:
        """Ask the children to finish their work. Kill them after ``STOP_SECONDS``, or on a second signal."""
        asked = self.stopping
        for child in children:
            child.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        while any(child.poll() is None for child in children):
            if time.monotonic() > deadline or self.stopping > max(asked, 1):
                for child in children:
                    child.kill()
                    child.wait()
            time.sleep(0.05)

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def bind(host: str, port: int) -> socket.socket:
    """Take the port before anything else starts. Visitors are refused until ``listen``."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except (OSError, OverflowError) as error:
        raise cannot_listen(host, port, error) from error
    return listener


def listen(listener: socket.socket, host: str, port: int) -> None:
    try:
        listener.listen(2048)
    except OSError as error:
        raise cannot_listen(host, port, error) from error


def cannot_listen(host: str, port: int, error: Exception) -> CommandError:
    reason = getattr(error, "strerror", None) or error
    return CommandError(f"Cannot listen on {host} port {port}: {reason}. Choose another one with PORT= or --port.")


def url_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def first_visit(listener: socket.socket) -> socket.socket:
    """Request /healthz before gunicorn runs. The response becomes readable when the first worker serves."""
    host, port = listener.getsockname()[:2]
    loopback = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  where to ask, not where to listen
    visit = socket.create_connection((loopback.get(host, host), port))
    name = settings.ALLOWED_HOSTS[0].lstrip(".").replace("*", "") or "localhost"
    visit.sendall(f"GET /healthz HTTP/1.0\r\nHost: {name}\r\n\r\n".encode())
    return visit


def has_answer(visit: socket.socket) -> bool:
    """Wait at most ``LOOK_SECONDS`` for the response. False also if gunicorn went away without one."""
    try:
        if not select.select([visit], [], [], LOOK_SECONDS)[0] or not visit.recv(1024):
            return False
    except OSError:
        time.sleep(LOOK_SECONDS)
        return False
    visit.close()
    return True


def gunicorn_command(listener: socket.socket, workers: int, threads: int) -> list[str]:
    return [
        sys.executable, "-m", "gunicorn", "privacycenter.wsgi",
        f"--bind=fd://{listener.fileno()}",
        "--worker-class=gthread", f"--workers={workers}", f"--threads={threads}",
        "--preload",  # the code is in memory once, and an error in it ends the start instead of every worker
        # What a client says of its address, scheme or path is no business of the server's: it sets nothing by headers,
        # and refuses those with an underscore, which would pass for others (X_Forwarded_For).
        "--forwarded-allow-ips=", "--forwarder-headers=", "--header-map=refuse",
        "--no-control-socket", "--log-level=warning", f"--chdir={settings.BASE_DIR}",
    ]  # fmt: skip


def start(
    command: list[str], pass_fds: tuple[int, ...] = (), more: dict[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start a child in its own session, so that Ctrl-C reaches only this process, which then stops the child
    gracefully.

    ``more``: added to its environment. All children have the same key: in a trial without one each process would make
    up another, and the worker could not open what the pages sealed.
    """
    die_with_parent = ask_to_die_with_parent(os.getpid())
    return subprocess.Popen(
        command,
        pass_fds=pass_fds,
        env={**os.environ, "SECRET_KEY": settings.SECRET_KEY, **(more or {})},
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=die_with_parent,
    )


def start_worker(counts: str) -> subprocess.Popen[bytes]:
    """Start the worker at a lower priority: pages and API calls come first if the processor is short.

    ``counts``: the folder in which its counts are kept, beside those of gunicorn.
    """
    worker = start([*MANAGE, "work"], more={SHARED_FOLDER: counts})
    os.setpriority(os.PRIO_PROCESS, worker.pid, WORKER_NICENESS)
    return worker


def ask_to_die_with_parent(parent: int) -> Callable[[], None] | None:
    """Return a ``preexec_fn`` by which Linux sends the child SIGTERM when this process ends in any way. None elsewhere.

    Safe as ``preexec_fn`` because this process has no threads.
    """
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return ask


def ending(child: subprocess.Popen[bytes]) -> str:
    code = child.returncode
    return f"status {code}" if code >= 0 else signal.Signals(-code).name
