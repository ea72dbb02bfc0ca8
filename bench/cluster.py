"""A PostgreSQL of its own with a replica that streams from it, in temporary folders, for a measurement."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psycopg


def programs() -> Path:
    """Return the folder of initdb; Debian keeps it out of PATH. Raises RuntimeError if there is none."""
    found = [shutil.which("initdb") or "", *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))[::-1])]
    for path in filter(None, found):
        return Path(path).resolve().parent
    raise RuntimeError("initdb is not installed: PostgreSQL's server programs are needed.")


def server_user() -> str | None:
    """PostgreSQL does not run as root."""
    if os.getuid():
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise RuntimeError("There is no user but root to run PostgreSQL as.")


class Server:
    """One, reached by a socket in its folder. ``copy_of``: the one that it follows."""

    def __init__(self, copy_of: "Server | None" = None) -> None:
        self.folder, self.bin, self.user = Path(tempfile.mkdtemp(prefix="pg-")), programs(), server_user()
        if self.user:
            shutil.chown(self.folder, self.user)
        data = self.folder / "data"
        self.url = f"postgresql://postgres@{quote(str(self.folder), safe='')}"
        if copy_of:
            self.run("pg_basebackup", "-h", copy_of.folder, "-U", "postgres", "-D", data, "-R", "-c", "fast")
        else:
            self.run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale")
        options = ["listen_addresses=", f"unix_socket_directories={self.folder}", "max_connections=200"]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603  our own
                [self.bin / "postgres", "-D", data, *(f"-c{one}" for one in options)],
                stdout=log, stderr=log, user=self.user, cwd=self.folder,
            )  # fmt: skip
        self.wait()

    def run(self, program: str, *arguments: object) -> None:
        command = [self.bin / program, *map(str, arguments)]
        subprocess.run(command, check=True, capture_output=True, user=self.user, cwd=self.folder)  # noqa: S603  our own

    def wait(self) -> None:
        for _try in range(600):
            with suppress(psycopg.OperationalError), psycopg.connect(f"{self.url}/postgres"):
                return
            time.sleep(0.1)
        raise RuntimeError((self.folder / "log").read_text())

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(60)
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def running(copy_of: Server | None = None) -> Iterator[Server]:
    server = Server(copy_of)
    try:
        yield server
    finally:
        server.stop()
