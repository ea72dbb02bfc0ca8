"""Processes that a test starts: what they say, who they started, whether they live. Reads /proc."""

import os
import re
import signal
import time
from contextlib import suppress
from pathlib import Path

PATIENCE_SECONDS = 40


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


def wait_until(condition):
    """What the condition answers as soon as it holds."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (value := condition()):
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)
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


def kill_all(process):
    """SIGKILL for the process and all below it, at once. Returns when the last one is gone."""
    pids = [process.pid, *descendants(process.pid)]
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()
    wait_until(lambda: not any(map(is_alive, pids)))
