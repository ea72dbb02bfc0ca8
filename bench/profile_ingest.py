"""Where the time of one batch goes: its parts, timed in this process. Run by ``bench.ingest`` in its environment."""

import json
import logging
import time
import uuid
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from typing import Any
from urllib.parse import urlencode

import django

BATCH, ROUNDS = 1000, 8
# Part → the functions whose own time it is. The time of a listed function called by another counts only once.
PARTS = {
    "token and reporter": ["disclosures.reporters.auth:ReporterAuth.__call__"],
    "JSON": ["disclosures.receiving.api:read_events"],
    "shape of the events": ["disclosures.receiving.api:DisclosureEvent.model_validate"],
    "codes and hashes": ["disclosures.ledger.recording:resolve_all"],
    "people": ["disclosures.ledger.recording:ensure_people"],
    "rows and their judgement": ["disclosures.ledger.recording:judge", "disclosures.ledger.recording:rows_of"],
    "INSERT": ["disclosures.ledger.recording:insert_values"],
    "outbox": ["disclosures.ledger.recording:tell_followers"],
    "results": ["disclosures.ledger.recording:settle", "disclosures.receiving.api:as_answer"],
    "the transaction itself": ["disclosures.receiving.api:record_disclosures"],
}


class Clock:
    """Seconds by part. While a part calls another one, the clock of the outer stands still."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.stack: list[str] = []
        self.since = 0.0

    def enter(self, part: str) -> None:
        self.charge()
        self.stack.append(part)

    def leave(self) -> None:
        self.charge()
        self.stack.pop()

    def charge(self) -> None:
        now = time.perf_counter()
        if self.stack:
            self.seconds[self.stack[-1]] += now - self.since
        self.since = now


def timed(clock: Clock, part: str, function: Callable) -> Callable:
    def run(*args: Any, **kwargs: Any) -> Any:
        clock.enter(part)
        try:
            return function(*args, **kwargs)
        finally:
            clock.leave()

    return run


def put_clocks(clock: Clock) -> None:
    """Time the functions of ``PARTS``. A missing one is skipped: its time counts for its caller."""
    for part, places in PARTS.items():
        for place in places:
            module, _colon, path = place.partition(":")
            owner: Any = import_module(module)
            *owners, name = path.split(".")
            for one in owners:
                owner = getattr(owner, one)
            if hasattr(owner, name):
                function = getattr(owner, name)
                wrapped = timed(clock, part, function)
                setattr(owner, name, staticmethod(wrapped) if owners and name != "__call__" else wrapped)


def main() -> None:
    django.setup()
    logging.disable(logging.INFO)
    from django.test import Client

    from disclosures.models import Reporter
    from disclosures.reporters.actions import create_reporter

    services = list(Reporter.objects.get(code="bench").services.values_list("code", flat=True))
    reporter, secret = create_reporter(code=f"profile-{uuid.uuid4().hex[:8]}", title="Profile", services=services)
    client = Client()
    credentials = {"grant_type": "client_credentials", "client_id": reporter.client_id, "client_secret": secret}
    form = "application/x-www-form-urlencoded"
    answer = client.post("/api/v1/token", urlencode(credentials), content_type=form, headers={"Host": "127.0.0.1"})
    token = answer.json()["access_token"]
    clock, lasted = Clock(), 0.0
    put_clocks(clock)
    for number in range(ROUNDS + 1):
        body = json.dumps([event(number, n) for n in range(BATCH)])
        if number == 1:  # the first one warms up
            clock.seconds.clear()
            lasted = 0.0
        begun = time.perf_counter()
        answer = client.post(
            "/api/v1/disclosures", body, content_type="application/cloudevents-batch+json",
            headers={"Authorization": f"Bearer {token}", "Host": "127.0.0.1"},
        )  # fmt: skip
        lasted += time.perf_counter() - begun
        if answer.status_code != 200 or b'"created"' not in answer.content:
            raise RuntimeError(f"{answer.status_code}: {answer.content[:300]!r}")
    rest = lasted - sum(clock.seconds.values())
    shares = {**clock.seconds, "framework, middleware, answer": rest}
    words = ", ".join(
        f"{part} {seconds / lasted:.0%}" for part, seconds in sorted(shares.items(), key=lambda pair: -pair[1])
    )
    print(f"{lasted / ROUNDS * 1000:.0f} ms: {words}")


def event(number: int, n: int) -> dict[str, Any]:
    return {
        "specversion": "1.0", "type": "privacycenter.disclosure.v1", "source": "https://profile.example/",
        "id": f"profile-{number}-{n}-{uuid.uuid4().hex[:6]}", "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "subject": f"bench-{n * 7 % 1000:07d}",
        "data": {
            "recipient": "minato-inn", "service": "jalan", "scenario": "online-booking",
            "items": ["name", "email", "phone"], "ground": "person_act",
        },
    }  # fmt: skip


if __name__ == "__main__":
    main()
