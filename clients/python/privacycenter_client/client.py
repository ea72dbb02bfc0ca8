"""The client of one reporter: its checks, its reports, its requests, what it is told.

client = ReporterClient("https://privacy.example.com/api/v1", client_id, secret, outbox="outbox.sqlite3",
                        source="https://booking.example.com/")
if client.is_allowed({"subject": …, "recipient": …, "service": …, "scenario": …, "items": ["name"]}):
    give()                      # then, in the same breath:
    client.report("booking-123", subject=…, data={"recipient": …, "service": …, …}, act="R-000123")
client.flush()                  # now and then, or from a timer
client.follow(handle)           # likewise: what people decided
client.follow_recalls(handle)   # likewise: what people ask of recipients
client.check_kept()             # likewise: is what was acknowledged still there, and sealed in the public log?
client.reconcile(day)           # a day or two later: do both books say the same?
"""

import json
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from privacycenter_client.calling import Caller, now_text, query, quoted
from privacycenter_client.errors import NoAnswer, ProofError, ServiceError
from privacycenter_client.events import correction_event, disclosure_event
from privacycenter_client.outbox import Outbox
from privacycenter_client.proofs import check_proof
from privacycenter_client.reconciliation import DayDifference, day_of, digest_of, fingerprint_of

Json = dict[str, Any]
LARGEST_BATCH = 1000
LARGEST_BODY_BYTES = 1024 * 1024
MOST_CHECKS = 500
# Somebody waits for the answer of a check: after so many tries it is a no.
TRIES_OF_A_CHECK = 2
# So long a row may be on its way into the log.
SEALED_WITHIN = timedelta(minutes=10)
BATCH = "application/cloudevents-batch+json"
ABOUT = ("subject", "recipient", "service", "scenario")


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


class ReporterClient(Caller):
    """Safe to use from one thread; several processes may share the outbox file, of which one follows the feed.

    ``source``: the address of your system, a part of each event's identity: never change it. ``keep_days``: how long
    acknowledged events stay in the file; longer than the service keeps the backups that it may restore from.
    """

    def __init__(
        self, api: str, client_id: str, secret: str, *, outbox: str, source: str = "https://service.example/",
        tries: int = 8, timeout_seconds: float = 10, keep_days: int = 40, sleep: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        super().__init__(api, client_id, secret, tries=tries, timeout_seconds=timeout_seconds, sleep=sleep)
        self.source, self.keep_days = source, keep_days
        self.outbox = Outbox(outbox)
        # How far the service's clock is ahead of ours: in a sandbox alone.
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def close(self) -> None:
        self.outbox.close()

    # --- Asking -------------------------------------------------------------------------------------------------------

    def catalogue(self) -> Json:
        """The codes that you may use, each with its names."""
        return dict(self.call("GET", "/catalogue"))

    def is_allowed(self, question: Mapping[str, Any]) -> bool:
        """True only for a clear yes. No answer, an error and a refusal are a no, and so is a withdrawal or a refusal
        that the service lost and this file knows.
        """
        return self.are_allowed([question])[0]

    def are_allowed(self, questions: Sequence[Mapping[str, Any]]) -> list[bool]:
        """One for each question, in their order. Never from memory: ask again before each time you give."""
        return [answer.get("allowed") is True for answer in self.check(questions)]

    def check(self, questions: Sequence[Mapping[str, Any]]) -> list[Json]:
        """The whole answer to each question, in their order: ``allowed``, ``items``, ``reason``, ``requires``, …

        Of what could not be asked it is ``{"allowed": False}``. Raises nothing.
        """
        answers: list[Json] = []
        for start in range(0, len(questions), MOST_CHECKS):
            part = list(questions[start : start + MOST_CHECKS])
            try:
                told = self.call("POST", "/permission-checks/batch", {"checks": part}, tries=TRIES_OF_A_CHECK)[
                    "results"
                ]
                pairs = zip(part, told, strict=True)
                answers += [self.without_what_was_lost(question, dict(answer)) for question, answer in pairs]
            except (ServiceError, NoAnswer, KeyError, TypeError, ValueError):
                answers += [{"allowed": False} for _question in part]
        return answers

    def without_what_was_lost(self, question: Mapping[str, Any], answer: Json) -> Json:
        return {"allowed": False} if self.is_denied_by_what_was_lost(question) else answer

    # --- Reporting ----------------------------------------------------------------------------------------------------

    def report(
        self, id: str, *, subject: str, data: Mapping[str, Any], at: datetime | None = None, act: str = "",
        policy: str = "", contract: str = "", order: str = "", shown_publication: int | None = None,
    ) -> None:  # fmt: skip
        """Keep one disclosure until it is acknowledged (``disclosure_event``). It is on the disk when this returns.

        The same id again is the same event, and kept once. ValueError for one that no call could carry: it would stand
        before all the others for ever.
        """
        self.keep(
            disclosure_event(
                id, source=self.source, subject=subject, data=data, at=at or self.now(), act=act, policy=policy,
                contract=contract, order=order, shown_publication=shown_publication,
            )
        )  # fmt: skip

    def correct(
        self, id: str, *, subject: str, disclosure: str, reason: str | Mapping[str, str],
        corrected: Mapping[str, Any] | None = None, at: datetime | None = None,
    ) -> None:  # fmt: skip
        """Keep a correction in the same way (``correction_event``). Its id is its own, and no disclosure's."""
        self.keep(
            correction_event(
                id, source=self.source, subject=subject, disclosure=disclosure, reason=reason, corrected=corrected,
                at=at or self.now(),
            )
        )  # fmt: skip

    def keep(self, event: Json) -> None:
        body = json.dumps(event)
        if len(body) + 4 > LARGEST_BODY_BYTES:
            raise ValueError("the event is larger than a body may be")
        self.outbox.keep(event["id"], body)

    def waiting(self) -> int:
        """How many events are not acknowledged yet, without those that were rejected."""
        return self.outbox.waiting_count()

    def flush(self) -> Flushed:
        """Send what waits. Raises NoAnswer or ServiceError; what was not acknowledged by then waits on."""
        counts, rejected = {"created": 0, "duplicate": 0, "conflict": 0}, []
        while batch := list(self.next_batch()):
            answer = self.call("POST", "/disclosures", [body for _number, body in batch], BATCH)
            for result in answer["results"]:
                number, body = batch[result["index"]]
                if result["status"] == "invalid":
                    rejected.append((str(body["id"]), dict(result["problem"])))
                    self.outbox.reject(number, result["problem"])
                else:
                    counts[result["status"]] += 1
                    row = result.get("correction") or result["disclosure"]
                    self.outbox.acknowledge(number, result["status"], row)
        self.outbox.forget_events(self.keep_days)
        return Flushed(counts["created"], counts["duplicate"], counts["conflict"], rejected)

    def next_batch(self) -> Iterator[tuple[int, Json]]:
        """The oldest events that wait, as many as fit into one call."""
        return self.outbox.next_batch(LARGEST_BATCH, LARGEST_BODY_BYTES)

    def rejected(self) -> list[tuple[str, Json]]:
        """The ids of all events that the service does not take as they are, with its problems."""
        return self.outbox.rejected()

    def retry_rejected(self) -> None:
        """Let rejected events be sent again, after the catalogue or the reporter's services were put right."""
        self.outbox.retry_rejected()

    def send_again(self, since: datetime) -> int:
        """Let what was acknowledged since then be sent once more, by the next ``flush``. How many events that is."""
        return self.outbox.send_again(since)

    def heartbeat(
        self, service: str, complete_until: datetime, events_since_last: int, since: datetime | None = None
    ) -> Json:
        """Say until when your reports are complete, and how many events that were, so that a loss is noticed."""
        told = {
            "service": service,
            "complete_until": complete_until.isoformat(),
            "events_since_last": events_since_last,
        }
        return dict(self.call("POST", "/heartbeats", {**told, **({"since": since.isoformat()} if since else {})}))

    # --- Checking what was kept ---------------------------------------------------------------------------------------

    def check_kept(self, limit: int = 500) -> Kept:
        """Look up what was acknowledged ten minutes ago or longer, and keep the proof that the log has it.

        Each event is looked up until its proof was found to hold. ``wrong``: the service has it no more, has not sealed
        it, or says something else than what was reported. Raises NoAnswer, and ServiceError for a refused call.
        """
        proved, wrong = 0, []
        for number, event, row in self.outbox.unproved(now_text(-SEALED_WITHIN), limit):
            try:
                proof = self.proof_of(event, row)
            except ProofError as error:
                wrong.append((str(event["id"]), str(error)))
                continue
            self.outbox.keep_proof(number, proof)
            proved += 1
        return Kept(proved, wrong)

    def proof_of(self, event: Mapping[str, Any], row: str) -> Json:
        """The proof of one event, which holds. Raises ProofError if there is none."""
        try:
            found = self.call("GET", f"/disclosures/{row}?{query(subject=event['subject'])}")
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
        return self.outbox.log_key(told)

    def proof(self, id: str) -> Json | None:
        """The proof of an event that was found to hold, for ``verify_record``. None if there is none yet."""
        return self.outbox.proof(id)

    def reconcile(self, day: date) -> DayDifference:
        """Compare what was reported of a day (in UTC) with what the service has. Falsy if both say the same.

        Costs one call where they agree. What is missing waits to be sent again, by the next ``flush``. Only what is
        still in the file can be compared: ask within ``keep_days``. Raises NoAnswer and ServiceError.
        """
        ours = {row: event for _number, event, row in self.outbox.recorded() if day_of(event) == day}
        told = self.call("GET", f"/disclosures/digests?{query(day=day.isoformat())}")
        digests = [digest_of((row, fingerprint_of(ours[row])) for row in rows) for rows in apart(ours)]
        if digests == [told[kind]["digest"] for kind in ("disclosures", "corrections")]:
            return DayDifference(day)
        theirs = {one.get("correction") or one["disclosure"]: one for one in self.reported_on(day)}
        missing = [str(event["id"]) for row, event in ours.items() if row not in theirs]
        other = [
            str(event["id"])
            for row, event in ours.items()
            if row in theirs and theirs[row]["fingerprint"] != fingerprint_of(event).hex()
        ]
        self.outbox.send_again_events(missing)
        return DayDifference(day, missing, other, [row for row in theirs if row not in ours])

    def reported_on(self, day: date) -> Iterator[Json]:
        """What the service has of you of a day (in UTC), page by page."""
        after, has_more = "", True
        while has_more:
            page = self.call("GET", f"/disclosures?{query(day=day.isoformat(), limit=1000, after=after)}")
            yield from page["data"]
            after, has_more = page["next"], page["has_more"]

    # --- Having people asked ------------------------------------------------------------------------------------------

    def ask(
        self, *, subject: str, recipient: str, service: str, scenario: str, items: Sequence[Mapping[str, Any]],
        expires_at: datetime, valid_days: int, key: str = "",
    ) -> Json:  # fmt: skip
        """Have the person asked; return the request, or the earlier one that stands in the way.

        ``items``: each ``{code, purpose, consequence, retention_days?}``. ``key``: your own name for this question, so
        that it is asked once however often you call; without one, repeating within this call alone is harmless.
        """
        question = {
            "subject": subject, "recipient": recipient, "service": service, "scenario": scenario,
            "items": [dict(item) for item in items], "expires_at": expires_at.isoformat(), "valid_days": valid_days,
        }  # fmt: skip
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        return dict(self.call("POST", "/approval-requests", question, headers=headers))

    def request(self, id: str) -> Json:
        """One request as it stands."""
        return dict(self.call("GET", f"/approval-requests/{quoted(id)}"))

    def requests(self, state: str = "") -> Iterator[Json]:
        """The requests that you filed, newest first, page by page."""
        after: str | None = ""
        while after is not None:
            page = self.call("GET", f"/approval-requests?{query(state=state, limit=100, after=after)}")
            yield from page["data"]
            after = page["next"]

    def cancel(self, id: str) -> Json:
        """Cancel a request that nobody answered yet. ServiceError 409 if somebody did, or the time is over."""
        return dict(self.call("POST", f"/approval-requests/{quoted(id)}/cancellations"))

    def report_withdrawal_step(self, case: str, step: str, reason: str | Mapping[str, str] | None = None) -> Json:
        """Say what the recipient did after a withdrawal: ``acknowledged``, ``deleted``, or ``kept`` with the reason."""
        return self.take_step(f"/withdrawal-cases/{quoted(case)}/steps", step, reason)

    def report_recall_step(self, recall: str, step: str, reason: str | Mapping[str, str] | None = None) -> Json:
        """Say what the recipient did: ``told``, ``acknowledged``, ``deleted``, ``corrected``, ``stopped``, or ``kept``
        and ``refused`` with the reason. The same step again is harmless."""
        return self.take_step(f"/recalls/{quoted(recall)}/steps", step, reason)

    def take_step(self, path: str, step: str, reason: str | Mapping[str, str] | None) -> Json:
        said = {"reason": reason if isinstance(reason, str) else dict(reason)} if reason else {}
        return dict(self.call("POST", path, {"step": step, **said}))

    def recall(self, id: str) -> Json:
        """One recall as it stands, with the disclosures that it is about."""
        return dict(self.call("GET", f"/recalls/{quoted(id)}"))

    def propose_recipients(self, recipients: Sequence[Mapping[str, Any]]) -> list[Json]:
        """Name the recipients that your service provides data to, each ``{code, name, country, …}``; return a result
        for each, in order. Nothing may go to a new one until an editor has published it. Sent again, it is harmless."""
        results: list[Json] = []
        for begin in range(0, len(recipients), LARGEST_BATCH):
            part = [dict(one) for one in recipients[begin : begin + LARGEST_BATCH]]
            results += self.call("POST", "/recipients", {"recipients": part})["results"]
        return results

    # --- Following the feeds ------------------------------------------------------------------------------------------

    def follow(self, handle: Callable[[Json], None]) -> int:
        """Hand over what people decided since the last time, in order; return how many entries that were.

        ``handle`` may get an entry again if it raised, or if the process ended: it goes by ``decision``. After a
        restore of the service's database, what was acknowledged since then is sent again by the next ``flush``.
        """
        count, has_more = 0, True
        while has_more:
            try:
                page = self.call("GET", f"/decisions?{query(after=self.outbox.cursor(), limit=500)}")
            except ServiceError as error:
                if error.name != "feed-restored":
                    raise
                self.restored(error.problem)
                continue
            for entry in page["data"]:
                handle(entry)
                self.outbox.note_told(f"{entry['type']}:{entry.get('decision') or entry['request']}", entry)
            self.outbox.go_on_after(page["next"])
            count, has_more = count + len(page["data"]), page["has_more"]
        self.outbox.forget_told(self.keep_days)
        return count

    def follow_recalls(self, handle: Callable[[Json], None]) -> int:
        """Hand over what people ask of recipients, and each step, since the last time; return how many entries that
        were. ``handle`` passes a ``recall.filed`` on to the recipient, and may get an entry again: it goes by
        ``recall`` and ``step``. After a restore of the service's database it begins again where the service says.
        """
        count, has_more = 0, True
        while has_more:
            try:
                page = self.call("GET", f"/recalls?{query(after=self.outbox.recall_cursor(), limit=500)}")
            except ServiceError as error:
                if error.name != "feed-restored":
                    raise
                self.outbox.read_recalls_after(error.problem["continue_after"])
                continue
            for entry in page["data"]:
                handle(entry)
            self.outbox.read_recalls_after(page["next"])
            count, has_more = count + len(page["data"]), page["has_more"]
        return count

    def restored(self, problem: Mapping[str, Any]) -> None:
        """The service's database was put back: keep in mind what it lost, and send again what it may lack."""
        self.outbox.note_lost_after(int(problem["continue_after"].rpartition(".")[2]))
        self.send_again(datetime.fromisoformat(problem["send_again_since"]))
        self.outbox.go_on_after(problem["continue_after"])

    def lost(self) -> list[Json]:
        """What the service had told and lost: tell its operator. What it allowed is not allowed any more."""
        return self.outbox.lost()

    def is_denied_by_what_was_lost(self, question: Mapping[str, Any]) -> bool:
        """Whether the person withdrew or refused one of these items, last of all that is known, in what was lost."""
        newest: dict[str, tuple[str, bool]] = {}
        for entry, is_lost in self.outbox.told() if self.lost() else []:
            if any(entry[name] != question[name] for name in ABOUT):
                continue
            allowed, refused = entry.get("allowed") or [], entry.get("refused") or []
            for code in {*allowed, *refused} & {*question["items"]}:
                said = (str(entry["happened_at"]), is_lost and code in refused)
                newest[code] = max(newest.get(code, said), said)
        return any(is_denied for _moment, is_denied in newest.values())


def apart(events: Mapping[str, Mapping[str, Any]]) -> tuple[list[str], list[str]]:
    """The rows of disclosures, and those of corrections."""
    corrections = [row for row, event in events.items() if "disclosure" in event["data"]]
    return [row for row in events if row not in set(corrections)], corrections
