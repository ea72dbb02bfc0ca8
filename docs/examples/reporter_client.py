"""A reporter in one file: ask before you give, report what you gave, lose nothing. Python 3.11, standard library alone.

    client = ReporterClient("https://privacy.example.com/api/v1", client_id, secret, outbox="outbox.sqlite3")
    if client.is_allowed({"subject": …, "recipient": …, "service": …, "scenario": …, "items": ["name"]}):
        give()                      # then, in the same breath:
        client.report("booking-123", subject=…, data={"recipient": …, "service": …, …}, act="R-000123")
    client.flush()                  # now and then, or from a timer
    client.follow(handle)           # likewise: what people decided
    client.follow_recalls(handle)   # likewise: what people ask of recipients

``report`` writes the event to a SQLite file and returns. Events keep their id and time, so sending one again is
harmless, however often. Acknowledged ones stay in the file for ``keep_days``: if the service's database has to be
restored, the feed says so, and ``follow`` lets everything be sent again that was lost there.
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
from datetime import UTC, datetime, timedelta
from typing import Any

Json = dict[str, Any]
LARGEST_BATCH = 1000
LARGEST_BODY_BYTES = 1024 * 1024
MOST_CHECKS = 500
# Somebody waits for the answer of a check: after so many tries it is a no.
TRIES_OF_A_CHECK = 2
FEED_RESTORED = "urn:privacycenter:problem:feed-restored"
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
    """Safe to use from one thread; several processes may share the outbox file, of which one follows the feed.

    ``keep_days``: longer than the service keeps the backups that it may restore from.
    """

    def __init__(
        self, api: str, client_id: str, secret: str, *, outbox: str, source: str = "https://service.example/",
        tries: int = 8, timeout_seconds: float = 10, keep_days: int = 40, sleep: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        if not api.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise ValueError("api is an https:// address")
        self.api, self.client_id, self.secret, self.source = api.rstrip("/"), client_id, secret, source
        self.tries, self.timeout_seconds, self.sleep = tries, timeout_seconds, sleep
        self.token, self.token_until, self.keep_days = "", 0.0, keep_days
        self.outbox = sqlite3.connect(outbox, timeout=20, isolation_level=None)
        self.outbox.execute("PRAGMA journal_mode=WAL")
        # An acknowledged write survives a power cut.
        self.outbox.execute("PRAGMA synchronous=FULL")
        self.outbox.execute(
            "CREATE TABLE IF NOT EXISTS event (number INTEGER PRIMARY KEY, id TEXT UNIQUE, body TEXT, problem TEXT, "
            "acknowledged_at TEXT)"
        )
        if "acknowledged_at" not in {row[1] for row in self.outbox.execute("PRAGMA table_info(event)")}:
            self.outbox.execute("ALTER TABLE event ADD COLUMN acknowledged_at TEXT")  # a file of before
        self.outbox.execute(
            "CREATE TABLE IF NOT EXISTS told (key TEXT PRIMARY KEY, body TEXT, told_at TEXT, is_lost INTEGER DEFAULT 0)"
        )
        self.outbox.execute("CREATE TABLE IF NOT EXISTS place (id INTEGER PRIMARY KEY CHECK (id = 1), cursor TEXT)")
        self.outbox.execute("CREATE TABLE IF NOT EXISTS recalls (id INTEGER PRIMARY KEY CHECK (id = 1), cursor TEXT)")

    # --- Asking -------------------------------------------------------------------------------------------------------

    def is_allowed(self, question: Json) -> bool:
        """True only for a clear yes. No answer, an error and a refusal are a no, and so is a withdrawal or a refusal
        that the service lost and this file knows.
        """
        return self.are_allowed([question])[0]

    def are_allowed(self, questions: Sequence[Json]) -> list[bool]:
        """One for each question, in their order. Never from memory: ask again before each time you give."""
        allowed: list[bool] = []
        for start in range(0, len(questions), MOST_CHECKS):
            part = list(questions[start : start + MOST_CHECKS])
            try:
                answer = self.call("POST", "/permission-checks/batch", {"checks": part}, tries=TRIES_OF_A_CHECK)
                said = [result["allowed"] is True for result in answer["results"]]
                pairs = zip(part, said, strict=True)
                allowed += [yes and not self.is_denied_by_what_was_lost(question) for question, yes in pairs]
            except (ServiceError, NoAnswer, KeyError, ValueError):
                allowed += [False] * len(part)
        return allowed

    # --- Reporting ----------------------------------------------------------------------------------------------------

    def report(
        self, id: str, *, subject: str, data: Json, at: datetime | None = None, act: str = "", policy: str = "",
        contract: str = "", order: str = "", shown_publication: int | None = None,
    ) -> None:  # fmt: skip
        """Keep one event until it is acknowledged. The same id again is the same event, and kept once.

        Name what the ground rests on: the number of the person's own act, the version of the policy, the reference of a
        contract or of an order. ``shown_publication``: the ``publication`` of the catalogue when the person was shown
        what it says of a recipient abroad. A permission check says in ``requires`` what is needed.

        ValueError for one that no call could carry: it would stand before all the others for ever.
        """
        cited = [{"kind": kind, "reference": reference} for kind, reference in
                 (("act", act), ("policy", policy), ("contract", contract), ("order", order)) if reference]  # fmt: skip
        if len(cited) > 1 or (shown_publication and not cited):
            raise ValueError("cite one reference")
        if cited:
            shown = {"shown_publication": shown_publication} if shown_publication else {}
            data = {**data, "evidence": {**cited[0], **shown}}
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
        waiting = "SELECT count(*) FROM event WHERE problem IS NULL AND acknowledged_at IS NULL"
        return int(self.outbox.execute(waiting).fetchone()[0])

    def flush(self) -> Flushed:
        """Send what waits. Raises NoAnswer or ServiceError; what was not acknowledged by then waits on."""
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
                    self.outbox.execute("UPDATE event SET acknowledged_at = ? WHERE number = ?", (now_text(), number))
        oldest = now_text(timedelta(days=-self.keep_days))
        self.outbox.execute("DELETE FROM event WHERE acknowledged_at < ?", (oldest,))
        return Flushed(counts["created"], counts["duplicate"], counts["conflict"], rejected)

    def retry_rejected(self) -> None:
        """Let rejected events be sent again, after the catalogue or the reporter's services were put right."""
        self.outbox.execute("UPDATE event SET problem = NULL")

    def send_again(self, since: datetime) -> int:
        """Let what was acknowledged since then be sent once more, by the next ``flush``. How many events that is."""
        moment = since.astimezone(UTC).isoformat()
        again = "UPDATE event SET acknowledged_at = NULL WHERE acknowledged_at >= ?"
        return self.outbox.execute(again, (moment,)).rowcount

    def next_batch(self) -> Iterator[tuple[int, Json]]:
        """The oldest events that wait, as many as fit into one call."""
        size = 2
        rows = self.outbox.execute(
            "SELECT number, body FROM event WHERE problem IS NULL AND acknowledged_at IS NULL ORDER BY number LIMIT ?",
            (LARGEST_BATCH,),
        )
        for number, body in rows.fetchall():
            size += len(body.encode()) + 2
            if size > LARGEST_BODY_BYTES:
                return
            yield number, json.loads(body)

    # --- Following the feed -------------------------------------------------------------------------------------------

    def follow(self, handle: Callable[[Json], None]) -> int:
        """Hand over what people decided since the last time, in order; return how many entries that were.

        ``handle`` may get an entry again if it raised, or if the process ended: it goes by ``decision``. After a
        restore of the service's database, what was acknowledged since then is sent again by the next ``flush``.
        """
        count, has_more = 0, True
        while has_more:
            try:
                page = self.call("GET", f"/decisions?after={self.cursor()}&limit=500")
            except ServiceError as error:
                if error.problem.get("type") != FEED_RESTORED:
                    raise
                self.restored(error.problem)
                continue
            for entry in page["data"]:
                handle(entry)
                self.outbox.execute(
                    "INSERT OR REPLACE INTO told (key, body, told_at) VALUES (?, ?, ?)",
                    (f"{entry['type']}:{entry.get('decision') or entry['request']}", json.dumps(entry), now_text()),
                )
            self.go_on_after(page["next"])
            count, has_more = count + len(page["data"]), page["has_more"]
        oldest = now_text(timedelta(days=-self.keep_days))
        self.outbox.execute("DELETE FROM told WHERE told_at < ? AND NOT is_lost", (oldest,))
        return count

    def follow_recalls(self, handle: Callable[[Json], None]) -> int:
        """Hand over what people ask of recipients, and each step, since the last time; return how many entries that
        were. ``handle`` passes a ``recall.filed`` on to the recipient, and may get an entry again: it goes by
        ``recall`` and ``step``. After a restore of the service's database it begins again where the service says.
        """
        count, has_more = 0, True
        while has_more:
            found = self.outbox.execute("SELECT cursor FROM recalls").fetchone()
            try:
                page = self.call("GET", f"/recalls?after={found[0] if found else ''}&limit=500")
            except ServiceError as error:
                if error.problem.get("type") != FEED_RESTORED:
                    raise
                self.read_recalls_after(error.problem["continue_after"])
                continue
            for entry in page["data"]:
                handle(entry)
            self.read_recalls_after(page["next"])
            count, has_more = count + len(page["data"]), page["has_more"]
        return count

    def read_recalls_after(self, cursor: str) -> None:
        self.outbox.execute("INSERT OR REPLACE INTO recalls (id, cursor) VALUES (1, ?)", (cursor,))

    def report_recall_step(self, recall: str, step: str, reason: Json | None = None) -> Json:
        """Say what the recipient did: ``told``, ``acknowledged``, ``deleted``, ``corrected``, ``stopped``, or ``kept``
        and ``refused`` with the reason, language → text. The same step again is harmless."""
        return self.call("POST", f"/recalls/{recall}/steps", {"step": step, **({"reason": reason} if reason else {})})

    def restored(self, problem: Json) -> None:
        """The service's database was put back: keep in mind what it lost, and send again what it may lack."""
        last = int(problem["continue_after"].rpartition(".")[2])
        for key, body in self.outbox.execute("SELECT key, body FROM told").fetchall():
            if json.loads(body)["number"] > last:
                self.outbox.execute("UPDATE told SET is_lost = 1 WHERE key = ?", (key,))
        self.send_again(datetime.fromisoformat(problem["send_again_since"]))
        self.go_on_after(problem["continue_after"])

    def lost(self) -> list[Json]:
        """What the service had told and lost: tell its operator. What it allowed is not allowed any more."""
        return [json.loads(body) for (body,) in self.outbox.execute("SELECT body FROM told WHERE is_lost")]

    def is_denied_by_what_was_lost(self, question: Json) -> bool:
        """Whether the person withdrew or refused one of these items, last of all that is known, in what was lost."""
        about = ("subject", "recipient", "service", "scenario")
        newest: dict[str, tuple[str, bool]] = {}
        rows = self.outbox.execute("SELECT body, is_lost FROM told").fetchall() if self.lost() else []
        for body, is_lost in rows:
            entry = json.loads(body)
            if any(entry[name] != question[name] for name in about):
                continue
            allowed, refused = entry.get("allowed") or [], entry.get("refused") or []
            for code in {*allowed, *refused} & {*question["items"]}:
                said = (entry["happened_at"], bool(is_lost) and code in refused)
                newest[code] = max(newest.get(code, said), said)
        return any(is_denied for _moment, is_denied in newest.values())

    def cursor(self) -> str:
        found = self.outbox.execute("SELECT cursor FROM place").fetchone()
        return found[0] if found else ""

    def go_on_after(self, cursor: str) -> None:
        self.outbox.execute("INSERT OR REPLACE INTO place (id, cursor) VALUES (1, ?)", (cursor,))

    # --- Calling ------------------------------------------------------------------------------------------------------

    def call(
        self, method: str, path: str, body: Any = None, content_type: str = "application/json", *, tries: int = 0
    ) -> Any:
        """One call, repeated while the fault is a passing one. Raises ServiceError or NoAnswer."""
        tries = tries or self.tries
        for attempt in range(tries):
            try:
                return self.send(method, path, None if body is None else json.dumps(body).encode(), content_type)
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

    def send(self, method: str, path: str, body: bytes | None, content_type: str) -> Any:
        headers = {"Authorization": f"Bearer {self.current_token()}"}
        if body is not None:
            headers["Content-Type"] = content_type
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


def now_text(later: timedelta = timedelta()) -> str:
    """Now, or so much later, in UTC: such texts sort like the times."""
    return (datetime.now(UTC) + later).isoformat()


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
