"""The public site as files under nginx, beside the application that answers the same pages: requests per second.

With ``BENCH_WAGTAIL=1`` also a page of about the same length of a Wagtail site (``wagtail_site.py``).
"""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.client import Address, ask, measured, request_bytes, spread
from bench.public import BROWSER
from bench.serving import manage, product_environment, served, table, wait_for
from bench.wagtail_site import versions, wagtail_site

PATHS = ("/", "/where-provided/", "/en/recipients/abroad/")
# The page beside which another system's stands: the longest of texts.
BESIDE = "/where-provided/"
NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; {user}
events {{ worker_connections 256; }}
http {{
  access_log off; keepalive_requests 100000000; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  include {files}/current/nginx/http.conf;
  server {{
    listen 127.0.0.1:{port};
    include {files}/current/nginx/server.conf;
    include {files}/current/nginx/alone.conf;
  }}
}}
"""


def main(full: bool) -> None:
    program = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    if program is None:
        raise RuntimeError("nginx is not installed")
    with product_environment() as environment, TemporaryDirectory(prefix="bench-static-") as folder:
        manage(environment, "migrate", "--verbosity=0")
        manage(environment, "collectstatic", "--noinput", "--verbosity=0")
        manage(environment, "load_content")
        manage(environment, "publish_content")
        files = Path(folder) / "files"
        manage(environment, "publish_static", str(files))
        with ExitStack() as servers:
            site = servers.enter_context(served("privacycenter.wsgi", environment))
            in_front = servers.enter_context(nginx(program, Path(folder), files))
            jobs: dict[str, tuple[Address, bytes]] = {}
            for path in PATHS if full else PATHS[:2]:
                jobs |= jobs_of(path, site, in_front)
            if os.environ.get("BENCH_WAGTAIL") == "1":
                length = len(ask(site, BESIDE)[2])
                beside = servers.enter_context(wagtail_site(Path(folder), length))
                jobs[f"Wagtail {BESIDE}"] = (beside, request_bytes("/", BROWSER))
                told = len(ask(beside, "/")[2])
                print(f"{versions(Path(folder))}: a page of {told:,} bytes beside one of {length:,}, uncompressed")
            rounds, seconds = (15, 4.0) if full else (5, 2.0)
            found = measured(jobs, rounds=rounds, seconds=seconds, connections=8)
    table(
        f"Public pages, warm, one process each, 8 connections, median of {rounds} rounds",
        ["what", "requests/s", "±", "ratio to the application"],
        [row(name, values, found[f"application {name.partition(' ')[2]}"]) for name, values in found.items()],
    )


def jobs_of(path: str, site: Address, in_front: Address) -> dict[str, tuple[Address, bytes]]:
    """Return the same request to both. Raises RuntimeError unless both give the same page."""
    answers = [ask(address, path, Accept_Encoding="br") for address in (site, in_front)]
    if answers[0][2] != answers[1][2] or answers[0][1]["etag"] != answers[1][1]["etag"]:
        raise RuntimeError(f"{path}: nginx does not answer as the application does")
    held = request_bytes(path, {**BROWSER, "If-None-Match": answers[0][1]["etag"]})
    plain = request_bytes(path, BROWSER)
    return {
        f"application {path}": (site, plain),
        f"nginx {path}": (in_front, plain),
        f"application {path} If-None-Match": (site, held),
        f"nginx {path} If-None-Match": (in_front, held),
    }


def row(name: str, values: list[float], base: list[float]) -> list[object]:
    ratio = median(value / least for value, least in zip(values, base, strict=True))
    return [name, f"{median(values):,.0f}", f"{spread(values):.0%}", f"{ratio:.2f}"]


@contextmanager
def nginx(program: str, folder: Path, files: Path) -> Iterator[Address]:
    """Serve the files with one worker process, as gunicorn serves the application with one."""
    port = free_port()
    config = folder / "nginx.conf"
    config.write_text(NGINX.format(folder=folder, files=files, port=port, user=user_line()))
    command = [program, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(config)]
    process = subprocess.Popen(command)  # noqa: S603  our own
    try:
        wait_for(("127.0.0.1", port), process)
        yield "127.0.0.1", port
    finally:
        process.terminate()
        process.wait()


def user_line() -> str:
    """Return who the worker is: whoever measures, so that it may read a temporary folder."""
    return "user root;" if os.getuid() == 0 else ""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port
