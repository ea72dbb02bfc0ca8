"""Counting questions in this process's memory, and writing them now and then: a check itself writes nothing.

What is lost if the process is killed are the counts of the last seconds, never a decision
(docs/decisions/0036-questions-are-counted.md).
"""

import atexit
import logging
import os
import threading
from collections import Counter
from collections.abc import Iterable

from django.conf import settings
from django.db import Error, connection, transaction

from consents.question_log.actions import add_questions
from consents.question_log.asked import NOBODY, Asked

# At so many counts they are written at once; at most so many are kept while the database does not answer. Past that,
# people are no longer told apart.
WRITTEN_AT, MOST_KEPT = 10_000, 50_000

log = logging.getLogger(__name__)


class Collected:
    """The counts that are not written yet. Safe for threads; a forked process starts without those of its parent."""

    def __init__(self) -> None:
        self.counts = Counter[Asked]()
        self.lock = threading.Lock()
        self.writing = threading.Lock()
        self.is_time = threading.Event()
        self.writer: threading.Thread | None = None

    def add(self, asked: Iterable[tuple[Asked, int]]) -> None:
        with self.lock:
            for one, count in asked:
                is_kept = one in self.counts or len(self.counts) < MOST_KEPT
                self.counts[one if is_kept else one._replace(person=NOBODY)] += count
            is_much = len(self.counts) >= WRITTEN_AT
        if is_much:
            self.is_time.set()

    def take(self) -> Counter[Asked]:
        with self.lock:
            taken, self.counts = self.counts, Counter()
        return taken

    def ensure_writer(self, seconds: float) -> None:
        if self.writer is None and seconds:
            with self.lock:
                if self.writer is None:
                    self.writer = threading.Thread(
                        target=keep_writing, args=(self, seconds), name="question-log", daemon=True
                    )
                    self.writer.start()


_collected = Collected()


def count_questions(asked: Iterable[Asked]) -> None:
    """Count what was asked. No SQL, except by a thread of this process, every few seconds and when it ends."""
    seconds = settings.QUESTIONS_WRITTEN_SECONDS
    if seconds is None:
        return
    _collected.add((one, 1) for one in asked)
    _collected.ensure_writer(seconds)


def write_questions() -> None:
    """Write what was counted so far. Raises the database's error; what was surely not written stays counted.

    If it is not known whether the commit came through, the counts are dropped: pages say “at least”.
    """
    with _collected.writing:
        taken, is_committing = _collected.take(), False
        if not taken:
            return
        try:
            with transaction.atomic():
                add_questions(asked=taken)
                is_committing = True
        except Error:
            if is_committing:
                log.warning("%s counted questions may be lost", taken.total())
            else:
                _collected.add(taken.items())
            raise


def forget_questions() -> None:
    """Start anew, as a fresh process does."""
    global _collected
    _collected = Collected()


def keep_writing(collected: Collected, seconds: float) -> None:
    while True:
        collected.is_time.wait(seconds)
        collected.is_time.clear()
        write_or_log()
        # Not to hold one between the times.
        connection.close()


def write_or_log() -> None:
    try:
        write_questions()
    except Exception as error:
        log.warning("questions could not be counted: %s", " ".join(str(error).split()))


os.register_at_fork(after_in_child=forget_questions)
atexit.register(write_or_log)
