"""A reporter in one file: ask before you give, report what you gave, lose nothing. Python 3.11, standard library alone.

    client = ReporterClient("https://privacy.example.com/api/v1", client_id, secret, outbox="outbox.sqlite3")
    if client.is_allowed({"subject": …, "recipient": …, "service": …, "scenario": …, "items": ["name"]}):
        give()                      # then, in the same breath:
        client.report("booking-123", subject=…, data={"recipient": …, "service": …, …})
    client.flush()                  # now and then, or from a timer

``report`` writes the event to a SQLite file and returns; only an event that the service has acknowledged leaves it.
Events keep their id and time, so sending one again is harmless, however often.
"""

import json
import random
import sqlite3
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]
LARGEST_BATCH = 1000
LARGEST_BODY_BYTES = 1024 * 1024
MOST_CHECKS = 500
# Somebody waits for the answer of a check: after so many tries it is a no.
TRIES_OF_A_CHECK = 2
PASSING = {408, 425, 429, 500, 502, 503, 504}


class ServiceError(Exception):
    """The service refused: ``problem`` says why (RFC 9457). Repeating the same call does not help."""

    def __init__(self, status: int, problem: Json) -> None:
        super().__init__(f"{status} {problem.get('title', '')}: {problem.get('detail', '')}")
        self.status, self.problem = status, problem


class NoAnswer(Exception):
    """The service did not answer, or could not, for as long as we tried."""


@dataclass(frozen=True)
class Flushed:
    """``rejected``: events that the service does not take as they are, with its problem. They stay in the file."""

    created: int
    duplicates: int
    conflicts: int
    rejected: list[tuple[str, Json]]


class ReporterClient:
    """Safe to use from one thread; several processes may share the outbox file."""

    def __init__(
        self, api: str, client_id: str, secret: str, *, outbox: str, source: str = "https://service.example/",
        tries: int = 8, timeout_seconds: float = 10, sleep: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        if not api.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise ValueError("api is an https:// address")
        self.api, self.client_id, self.secret, self.source = api.rstrip("/"), client_id, secret, source
        self.tries, self.timeout_seconds, self.sleep = tries, timeout_seconds, sleep
        self.token, self.token_until = "", 0.0
        self.outbox = sqlite3.connect(outbox, timeout=20, isolation_level=None)
        self.outbox.execute("PRAGMA journal_mode=WAL")
        # An acknowledged write survives a power cut.
        self.outbox.execute("PRAGMA synchronous=FULL")
        self.outbox.execute(
            "CREATE TABLE IF NOT EXISTS event (number INTEGER PRIMARY KEY, id TEXT UNIQUE, body TEXT, problem TEXT)"
        )

    # --- Asking -------------------------------------------------------------------------------------------------------

    def is_allowed(self, question: Json) -> bool:
        """True only for a clear yes. No answer, an error and a refusal are a no."""
        return self.are_allowed([question])[0]

    def are_allowed(self, questions: Sequence[Json]) -> list[bool]:
        """One for each question, in their order. Never from memory: ask again before each time you give."""
        allowed: list[bool] = []
        for start in range(0, len(questions), MOST_CHECKS):
            part = list(questions[start : start + MOST_CHECKS])
            try:
                answer = self.call("POST", "/permission-checks/batch", {"checks": part}, tries=TRIES_OF_A_CHECK)
                allowed += [result["allowed"] is True for result in answer["results"]]
            except (ServiceError, NoAnswer, KeyError):
                allowed += [False] * len(part)
        return allowed

    # --- Reporting ----------------------------------------------------------------------------------------------------

    def report(self, id: str, *, subject: str, data: Json, at: datetime | None = None) -> None:
        """Keep one event until it is acknowledged. The same id again is the same event, and kept once.

        ValueError for one that no call could carry: it would stand before all the others for ever.
        """
        event = {
            "specversion": "1.0",
            "type": "privacycenter.disclosure.v1",
            "source": self.source,
            "id": id,
            "time": (at or datetime.now(UTC)).isoformat(),
            "subject": subject,
            "data": data,
        }
        body = json.dumps(event)
        if len(body) + 4 > LARGEST_BODY_BYTES:
            raise ValueError("the event is larger than a body may be")
        self.outbox.execute("INSERT OR IGNORE INTO event (id, body) VALUES (?, ?)", (id, body))

    def waiting(self) -> int:
        """How many events are not acknowledged yet, without those that were rejected."""
        return int(self.outbox.execute("SELECT count(*) FROM event WHERE problem IS NULL").fetchone()[0])

    def flush(self) -> Flushed:
        """Send what waits. Raises NoAnswer or ServiceError; what was not acknowledged by then stays in the file."""
        counts, rejected = {"created": 0, "duplicate": 0, "conflict": 0}, []
        while batch := list(self.next_batch()):
            answer = self.call(
                "POST", "/disclosures", [body for _number, body in batch], "application/cloudevents-batch+json"
            )
            for result in answer["results"]:
                number, body = batch[result["index"]]
                if result["status"] == "invalid":
                    rejected.append((body["id"], result["problem"]))
                    self.outbox.execute(
                        "UPDATE event SET problem = ? WHERE number = ?", (json.dumps(result["problem"]), number)
                    )
                else:
                    counts[result["status"]] += 1
                    self.outbox.execute("DELETE FROM event WHERE number = ?", (number,))
        return Flushed(counts["created"], counts["duplicate"], counts["conflict"], rejected)

    def retry_rejected(self) -> None:
        """Let rejected events be sent again, after the catalogue or the reporter's services were put right."""
        self.outbox.execute("UPDATE event SET problem = NULL")

    def next_batch(self) -> Iterator[tuple[int, Json]]:
        """The oldest events that wait, as many as fit into one call."""
        size = 2
        rows = self.outbox.execute(
            "SELECT number, body FROM event WHERE problem IS NULL ORDER BY number LIMIT ?", (LARGEST_BATCH,)
        )
        for number, body in rows.fetchall():
            size += len(body.encode()) + 2
            if size > LARGEST_BODY_BYTES:
                return
            yield number, json.loads(body)

    # --- Calling ------------------------------------------------------------------------------------------------------

    def call(
        self, method: str, path: str, body: Any = None, content_type: str = "application/json", *, tries: int = 0
    ) -> Any:
        """One call, repeated while the fault is a passing one. Raises ServiceError or NoAnswer."""
        tries = tries or self.tries
        for attempt in range(tries):
            try:
                return self.send(method, path, json.dumps(body).encode(), content_type)
            except urllib.error.HTTPError as error:
                problem, wait = problem_of(error), retry_after(error)
                if error.code == 401 and path != "/token" and self.token:
                    self.token, wait = "", 0.0
                elif error.code not in PASSING:
                    raise ServiceError(error.code, problem) from error
            except (OSError, ValueError):
                wait = None  # no connection, a time-out, or half an answer
            if attempt + 1 < tries:
                self.sleep(wait if wait is not None else backoff(attempt))
        raise NoAnswer(f"{method} {path} was not answered in {tries} tries")

    def send(self, method: str, path: str, body: bytes, content_type: str) -> Any:
        headers = {"Content-Type": content_type, "Authorization": f"Bearer {self.current_token()}"}
        return self.open(urllib.request.Request(self.api + path, body, headers, method=method))  # noqa: S310  checked

    def open(self, request: urllib.request.Request) -> Any:
        with urllib.request.urlopen(request, timeout=self.timeout_seconds) as answer:  # noqa: S310  checked at the start
            return json.loads(answer.read())

    def current_token(self) -> str:
        """The token, or a new one shortly before it ends."""
        if not self.token or time.monotonic() > self.token_until:
            form = {"grant_type": "client_credentials", "client_id": self.client_id, "client_secret": self.secret}
            body = urllib.parse.urlencode(form).encode()
            given = self.open(urllib.request.Request(self.api + "/token", body))  # noqa: S310  checked at the start
            self.token, self.token_until = given["access_token"], time.monotonic() + given["expires_in"] - 30
        return self.token


def backoff(attempt: int) -> float:
    """Seconds: 0.5, 1, 2, … up to a minute, each cut by up to a half, so that many clients do not come back at once."""
    return min(60.0, 0.5 * 2**attempt) * (0.5 + random.random() / 2)  # noqa: S311  no secret


def retry_after(error: urllib.error.HTTPError) -> float | None:
    value = error.headers.get("Retry-After", "")
    return float(value) if value.isdigit() else None


def problem_of(error: urllib.error.HTTPError) -> Json:
    try:
        found = json.loads(error.read())
    except (OSError, ValueError):
        found = None
    return found if isinstance(found, dict) else {"title": error.reason}
