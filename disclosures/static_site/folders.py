"""The folder in which publications lie as files: one folder each, and a link to the one that is public.

``DIR/current`` leads to ``DIR/publications/<number>-<mark>``. A new folder is written beside under a name that nothing
reads, and the link is exchanged in one step: whoever is killed in between leaves what was public, and the next run
removes what was left half-written.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from disclosures.static_site.files import Contents, read_contents

CURRENT, PUBLICATIONS, LOCK, PUBLISHED = "current", "publications", "lock", "published"
CONTENTS = "contents.json"
NEW, LINK = ".new-", ".current-"


class StaticSiteError(Exception):
    """The public site could not be published as files. What was public still is."""


class Place:
    """The folder that the operator names. MUST be entered (``with place.held()``) before anything is written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder alone: another run waits until this one ends, however it ends.

        Raises StaticSiteError for a folder that is somebody else's, and OSError for one that cannot be written.
        """
        self.folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        if any(self.folder.iterdir()) and not (self.folder / PUBLICATIONS).is_dir():
            raise StaticSiteError(f"{self.folder} holds something else. Name a new or an empty folder.")
        with (self.folder / LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            (self.folder / PUBLICATIONS).mkdir(mode=0o755, exist_ok=True)
            self.remove_unfinished()
            yield

    def remove_unfinished(self) -> None:
        for path in (self.folder / PUBLICATIONS).glob(f"{NEW}*"):
            shutil.rmtree(path)
        for path in self.folder.glob(f"{LINK}*"):
            path.unlink()

    def current(self) -> Path | None:
        """Return the folder that is public now. None before the first publication."""
        link = self.folder / CURRENT
        return link.resolve() if link.is_symlink() and link.is_dir() else None

    def current_contents(self) -> Contents | None:
        """Return what is in it. None for none, and for one that another version of the program wrote otherwise."""
        current = self.current()
        try:
            return read_contents((current / CONTENTS).read_text(encoding="utf-8")) if current else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def begin(self) -> Path:
        """Make and return a new folder that nothing reads yet."""
        new = self.folder / PUBLICATIONS / f"{NEW}{os.getpid()}"
        new.mkdir(mode=0o755)
        return new

    def path_of(self, contents: Contents, mark: str) -> Path:
        return self.folder / PUBLICATIONS / f"{contents.number:06d}-{mark}"

    def switch(self, new: Path, final: Path) -> None:
        """Make the new folder public, in one step, after everything in it is on the disk."""
        if final.exists():  # a former run was killed between the two steps below, or this one was public before
            shutil.rmtree(final) if final != self.current() else None
        os.sync()
        new.rename(final)
        link = self.folder / f"{LINK}{os.getpid()}"
        link.symlink_to(final.relative_to(self.folder))
        link.replace(self.folder / CURRENT)
        # An ordinary file: what watches it (systemd's path units, inotify) sees each switch.
        said = self.folder / f"{LINK}said"
        said.write_text(f"{final.name}\n", encoding="utf-8")
        said.replace(self.folder / PUBLISHED)

    def remove_old(self, keep: int) -> list[str]:
        """Remove all but the newest ``keep`` folders, never the public one. Return the names of those removed."""
        current = self.current()
        found = sorted(
            (path for path in (self.folder / PUBLICATIONS).iterdir() if path.is_dir()),
            key=lambda path: path.stat().st_mtime_ns,
        )
        old = [path for path in found if path != current][: max(len(found) - keep, 0)]
        for path in old:
            shutil.rmtree(path)
        return [path.name for path in old]


class Writer:
    """Writes files into a new folder; one that is the same in the former folder is linked instead."""

    def __init__(self, new: Path, former: Path | None) -> None:
        self.new, self.former = new, former
        self.written = self.linked = 0
        self.done: set[str] = set()

    def write(self, name: str, content: bytes, last_modified: float | None = None) -> None:
        if name in self.done:
            return
        self.done.add(name)
        path = self.new / name
        path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        old = self.former / name if self.former else None
        if old and is_same(old, content, last_modified):
            os.link(old, path)
            self.linked += 1
            return
        path.write_bytes(content)
        path.chmod(0o644)
        if last_modified is not None:
            os.utime(path, (last_modified, last_modified))
        self.written += 1

    def link(self, name: str) -> bool:
        """Link a file that is known to be the same. False if the former folder lacks it."""
        if name in self.done:
            return True
        old = self.former / name if self.former else None
        if old is None or not old.is_file():
            return False
        path = self.new / name
        path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        os.link(old, path)
        self.done.add(name)
        self.linked += 1
        return True


def is_same(old: Path, content: bytes, last_modified: float | None) -> bool:
    try:
        stat = old.stat()
        is_dated = last_modified is None or int(stat.st_mtime) == int(last_modified)
        return stat.st_size == len(content) and is_dated and old.read_bytes() == content
    except OSError:
        return False


def mark_of(contents: Contents) -> str:
    """Return eight hexadecimal digits that stand for everything in a folder."""
    return hashlib.sha256(contents.as_json().encode()).hexdigest()[:8]
