"""A reporter in one file: ask before you give, report what you gave, lose nothing. Python 3.11, standard library alone.

    client = ReporterClient("https://privacy.example.com/api/v1", client_id, secret, outbox="outbox.sqlite3")
    if client.is_allowed({"subject": …, "recipient": …, "service": …, "scenario": …, "items": ["name"]}):
        give()                      # then, in the same breath:
        client.report("booking-123", subject=…, data={"recipient": …, "service": …, …}, act="R-000123")
    client.flush()                  # now and then, or from a timer
    client.follow(handle)           # likewise: what people decided
    client.follow_recalls(handle)   # likewise: what people ask of recipients
    client.check_kept()             # likewise: is what was acknowledged still there, and sealed in the public log?

``report`` writes the event to a SQLite file and returns. Events keep their id and time, so sending one again is
harmless, however often. Acknowledged ones stay in the file for ``keep_days``: if the service's database has to be
restored, the feed says so, and ``follow`` lets everything be sent again that was lost there.
"""

import base64
import hashlib
import hmac
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
from functools import lru_cache
from typing import Any

Json = dict[str, Any]
LARGEST_BATCH = 1000
LARGEST_BODY_BYTES = 1024 * 1024
MOST_CHECKS = 500
# Somebody waits for the answer of a check: after so many tries it is a no.
TRIES_OF_A_CHECK = 2
# So long a row may be on its way into the log.
SEALED_WITHIN = timedelta(minutes=10)
FEED_RESTORED = "urn:privacycenter:problem:feed-restored"
PASSING = {408, 425, 429, 500, 502, 503, 504}


class ServiceError(Exception):
    """The service refused: ``problem`` says why (RFC 9457). Repeating the same call does not help."""

    def __init__(self, status: int, problem: Json) -> None:
        super().__init__(f"{status} {problem.get('title', '')}: {problem.get('detail', '')}")
        self.status, self.problem = status, problem


class NoAnswer(Exception):
    """The service did not answer, or could not, for as long as we tried."""


class ProofError(Exception):
    """What the service shows of a report is no proof that it kept it."""


@dataclass(frozen=True)
class Flushed:
    """``rejected``: events that the service does not take as they are, with its problem. They stay in the file."""

    created: int
    duplicates: int
    conflicts: int
    rejected: list[tuple[str, Json]]


@dataclass(frozen=True)
class Kept:
    """``proved``: how many events were found in the log just now; ``wrong``: those that were acknowledged and are not
    there as they were reported, with what is wrong. Tell the operator, and keep this file."""

    proved: int
    wrong: list[tuple[str, str]]


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
            "acknowledged_at TEXT, disclosure TEXT, proof TEXT)"
        )
        known = {row[1] for row in self.outbox.execute("PRAGMA table_info(event)")}
        for column in ("acknowledged_at", "disclosure", "proof"):
            if column not in known:
                self.outbox.execute(f"ALTER TABLE event ADD COLUMN {column} TEXT")  # a file of before
        self.outbox.execute("CREATE TABLE IF NOT EXISTS log (id INTEGER PRIMARY KEY CHECK (id = 1), key TEXT)")
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
                    self.outbox.execute(
                        "UPDATE event SET acknowledged_at = ?, disclosure = ? WHERE number = ?",
                        (now_text(), result["disclosure"], number),
                    )
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

    # --- Checking what was kept ---------------------------------------------------------------------------------------

    def check_kept(self, limit: int = 500) -> Kept:
        """Look up what was acknowledged ten minutes ago or longer, and keep the proof that the log has it.

        Each event is looked up until its proof was found to hold. ``wrong``: the service has it no more, has not sealed
        it, or says something else than what was reported. Raises NoAnswer, and ServiceError for a refused call.
        """
        proved, wrong = 0, []
        rows = self.outbox.execute(
            "SELECT number, body, disclosure FROM event WHERE disclosure IS NOT NULL AND proof IS NULL "
            "AND acknowledged_at < ? ORDER BY number LIMIT ?",
            (now_text(-SEALED_WITHIN), limit),
        )
        for number, text, disclosure in rows.fetchall():
            event = json.loads(text)
            try:
                proof = self.proof_of(event, disclosure)
            except ProofError as error:
                wrong.append((event["id"], str(error)))
                continue
            self.outbox.execute("UPDATE event SET proof = ? WHERE number = ?", (json.dumps(proof), number))
            proved += 1
        return Kept(proved, wrong)

    def proof_of(self, event: Json, disclosure: str) -> Json:
        """The proof of one event, which holds. Raises ProofError if there is none."""
        try:
            subject = urllib.parse.quote(event["subject"], safe="")
            found = self.call("GET", f"/disclosures/{disclosure}?subject={subject}")
        except ServiceError as error:
            if error.status != 404:
                raise
            raise ProofError("it was acknowledged, and is not there") from None
        if found["proof"] is None:
            raise ProofError("it is not sealed in the log")
        check_proof(found["proof"], event, self.log_key(found["proof"]["log_key"]))
        return dict(found["proof"])

    def log_key(self, told: str) -> str:
        """The log's key as it was told the first time. Compare it with what the operator, or its witnesses, publish."""
        self.outbox.execute("INSERT OR IGNORE INTO log (id, key) VALUES (1, ?)", (told,))
        return str(self.outbox.execute("SELECT key FROM log").fetchone()[0])

    def proof(self, id: str) -> Json | None:
        """The proof of an event that was found to hold, for ``verify_record``. None if there is none yet."""
        found = self.outbox.execute("SELECT proof FROM event WHERE id = ?", (id,)).fetchone()
        return json.loads(found[0]) if found and found[0] else None

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


# --- Proofs -----------------------------------------------------------------------------------------------------------
# That a row is in the log (docs/proof.md). ``verify_record`` checks the same, and the witnesses of a policy, too.


def check_proof(proof: Json, event: Json, log_key: str) -> None:
    """Raise ProofError unless this shows that the event, as it was reported, is in the log whose key this is."""
    try:
        says = what_differs(proof["event"], event)
        if says:
            raise ProofError(f"it says something else than what was reported: {says}")
        commitment = hmac.digest(decoded(proof["salt"]), canonical(proof["event"]), "sha256")
        leaf = hashlib.sha256(b"\0\1" + decoded(proof["label"]) + commitment).digest()
        size, root = open_checkpoint(proof["checkpoint"], log_key)
        if root_from(leaf, proof["index"], size, [decoded(one) for one in proof["path"]]) != root:
            raise ProofError("it is not what is in the log")
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise ProofError(f"the proof cannot be read: {error!r}") from error


def what_differs(sealed: Json, event: Json) -> str:
    """The names of what the sealed row says otherwise than the event. Of an order the reference is not sealed."""
    data, cited = event["data"], event["data"].get("evidence", {})
    reported = {
        "type": "disclosure",
        "subject": event["subject"],
        "source": event["source"],
        "event_id": event["id"],
        "occurred_at": datetime.fromisoformat(event["time"]),
        **{name: data[name] for name in ("recipient", "service", "scenario", "ground")},
        "items": sorted(set(data["items"])),
        "evidence": cited.get("kind", ""),
    }
    told = {
        **sealed,
        "occurred_at": datetime.fromisoformat(sealed["occurred_at"]),
        "items": sorted(sealed["items"]),
        "evidence": sealed["evidence"].get("kind", ""),
    }
    if cited and cited["kind"] != "order":
        reported["reference"], told["reference"] = cited["reference"], sealed["evidence"].get("reference")
    return ", ".join(name for name, value in reported.items() if told.get(name) != value)


def canonical(event: Json) -> bytes:
    """RFC 8785, for the texts, lists and objects of which a sealed row consists."""
    return json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def decoded(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def root_from(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root of the tree in which the path shows the leaf (RFC 9162, 2.1.3.2)."""
    at, last, root = index, size - 1, leaf
    if not 0 <= at <= last:
        raise ProofError("there is no such place in the log")
    for sibling in path:
        if last == 0:
            raise ProofError("the path is too long")
        if at % 2 or at == last:
            root = hashlib.sha256(b"\1" + sibling + root).digest()
            while at and at % 2 == 0:
                at, last = at >> 1, last >> 1
        else:
            root = hashlib.sha256(b"\1" + root + sibling).digest()
        at, last = at >> 1, last >> 1
    if last:
        raise ProofError("the path is too short")
    return root


def open_checkpoint(note: str, log_key: str) -> tuple[int, bytes]:
    """Size and root of a checkpoint (C2SP tlog-checkpoint) that the log signed."""
    text, _gap, lines = note.rpartition("\n\n")
    origin, size, root = (text + "\n").split("\n")[:3]
    name, key_id, key = log_key.split("+", 2)
    for line in lines.splitlines():
        _dash, who, data = line.split(" ")
        signature = decoded(data)
        is_its = (who, signature[:4].hex(), origin) == (name, key_id, name)
        if is_its and verifies(decoded(key)[1:], (text + "\n").encode(), signature[4:]):
            return int(size), decoded(root)
    raise ProofError("the log whose key was told first did not sign it")


# Ed25519 (RFC 8032), which the standard library lacks. It only verifies, so it holds no secret that timing could tell.
PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE_D = -121665 * pow(121666, -1, PRIME) % PRIME
Point = tuple[int, int, int, int]
BASE_X = 15112221349535400772501151409588531511454012693041857206046113283949847762202
BASE_Y = 4 * pow(5, -1, PRIME) % PRIME
BASE: Point = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % PRIME)


@lru_cache(maxsize=64)
def verifies(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether this is the key's signature. About ten milliseconds, once for all proofs of one checkpoint."""
    scalar = int.from_bytes(signature[32:], "little")
    key, commitment = point(public), point(signature[:32])
    if len(signature) != 64 or scalar >= ORDER or key is None or commitment is None:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    left, right = times(scalar, BASE), plus(commitment, times(challenge, key))
    return all((left[at] * right[2] - right[at] * left[2]) % PRIME == 0 for at in (0, 1))


def point(data: bytes) -> Point | None:
    """The point that these 32 bytes stand for. None if they stand for none."""
    y, is_odd = int.from_bytes(data, "little") & ~(1 << 255), data[31] >> 7
    square = (y * y - 1) * pow(CURVE_D * y * y + 1, -1, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME:
        x = x * pow(2, (PRIME - 1) // 4, PRIME) % PRIME
    if (x * x - square) % PRIME or y >= PRIME or (x == 0 and is_odd):
        return None
    x = PRIME - x if x % 2 != is_odd else x
    return x, y, 1, x * y % PRIME


def plus(a: Point, b: Point) -> Point:
    p, q = (a[1] - a[0]) * (b[1] - b[0]) % PRIME, (a[1] + a[0]) * (b[1] + b[0]) % PRIME
    r, s = 2 * a[3] * b[3] * CURVE_D % PRIME, 2 * a[2] * b[2] % PRIME
    e, f, g, h = q - p, s - r, s + r, q + p
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def times(factor: int, a: Point) -> Point:
    found = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            found = plus(found, a)
        a, factor = plus(a, a), factor >> 1
    return found
