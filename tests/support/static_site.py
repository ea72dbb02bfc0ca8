"""The public site as files under nginx, beside the application that it was made by."""

import gzip
import os
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import brotli

from disclosures.static_site.files import Contents, read_contents
from tests.support.content import ROOT
from tests.support.production import HOST, SETTINGS, Answer, Site, Way, free_port, installed, production_site

ENCODINGS = ("identity", "gzip", "br")
# Of each visit, and of each server.
NOT_COMPARED = ("date", "server", "connection", "x-request-id", "keep-alive")
STYLE = b"main { color: #234a8f; }\n" * 40
NGINX = """
daemon off; user root; worker_processes 1; pid {folder}/nginx.pid;
events {{ worker_connections 64; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  include {files}/current/nginx/http.conf;
  server {{
    listen 127.0.0.1:{port};
    include {files}/current/nginx/server.conf;
    {application}
  }}
}}
"""
BEHIND = """location @privacycenter_application {{
      proxy_pass http://127.0.0.1:{port};
      proxy_set_header Host $host; proxy_set_header X-Forwarded-For 8.8.8.8; proxy_set_header X-Forwarded-Proto https;
    }}"""


@dataclass
class StaticSite:
    """``files``: the folder that was published into. ``application``: asked directly; ``nginx`` serves the files."""

    site: Site
    files: Path
    environment: dict[str, str]
    application: Way
    open: ExitStack

    def publish(self, *more: str) -> subprocess.CompletedProcess[str]:
        return publish(self.files, self.environment, *more)

    @property
    def contents(self) -> Contents:
        return read_contents((self.files / "current" / "contents.json").read_text())

    def nginx(self, *, is_alone: bool = False) -> Way:
        """Start nginx with what is public now, with the application behind or without."""
        name = "alone" if is_alone else "before"
        folder = self.site.folder / name
        folder.mkdir()
        alone = f"include {self.files}/current/nginx/alone.conf;"
        port = free_port()
        application = alone if is_alone else BEHIND.format(port=self.site.port)
        config = folder / "nginx.conf"
        config.write_text(NGINX.format(folder=folder, files=self.files, port=port, application=application))
        command = [installed("nginx"), "-p", str(folder), "-e", "stderr", "-c", str(config)]
        way = self.site.started(f"nginx-{name}", command, port)
        return Way(way.name, way.port, is_tls=False)


def publish(files: Path, environment: dict[str, str], *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "ignore", str(ROOT / "manage.py"), "publish_static", str(files), *more]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


@contextmanager
def static_site(database: str, folder: Path):
    """``database``: its DATABASE_URL, with content that is published."""
    static = folder / "static"
    (static / "css").mkdir(parents=True)
    for name, content in (
        ("site.css", STYLE), ("site.css.gz", gzip.compress(STYLE)), ("site.css.br", brotli.compress(STYLE)),
        ("tiny.css", b"a{}"),
    ):  # fmt: skip
        (static / "css" / name).write_bytes(content)
    more = {"TEST_STATIC_ROOT": str(static)}
    known = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment = {**known, **SETTINGS, "DATABASE_URL": database, "EMAIL_URL": f"file://{folder}/mail", **more}
    with ExitStack() as opened:
        site = opened.enter_context(production_site(database, folder, **more))
        yield StaticSite(site, folder / "files", environment, site.way("direct"), opened)


def compared(answer: Answer) -> tuple[int, dict[str, str], bytes]:
    return answer.status, {name: said for name, said in answer.headers.items() if name not in NOT_COMPARED}, answer.body


__all__ = ["ENCODINGS", "HOST", "STYLE", "StaticSite", "compared", "publish", "static_site"]
