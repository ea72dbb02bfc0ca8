"""A sandbox: its clock, and people who answer without a browser. Only a service begun as a sandbox has these calls."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from privacycenter_client.calling import quoted
from privacycenter_client.client import ReporterClient
from privacycenter_client.errors import NoAnswer

Json = dict[str, Any]
PAUSE_SECONDS = 0.5


class Sandbox:
    """Moves the clock of the sandbox, and with it that of the client: events are reported at the sandbox's time."""

    def __init__(self, client: ReporterClient) -> None:
        self.client = client
        self.take_over(client.call("GET", "/sandbox/clock"))

    def take_over(self, clock: Mapping[str, Any]) -> datetime:
        now = datetime.fromisoformat(clock["now"])
        self.client.ahead = now - datetime.now(UTC)
        return now

    def forward(self, *, days: float = 0, hours: float = 0, minutes: float = 0, wait_seconds: float = 60) -> datetime:
        """Put the clock forward, and wait until the service has done what is due by then. Return what it shows.

        What is due already is waited for before, so that it is done at its own time: the notice of a request that was
        filed a moment ago is of today. If the answer is lost on the way the clock is not moved twice. Raises NoAnswer
        if the work is not done in time, before as afterwards.
        """
        self.wait_for_what_is_due(wait_seconds)
        to = self.client.now() + timedelta(days=days, hours=hours, minutes=minutes)
        self.client.call("POST", "/sandbox/clock", {"to": to.isoformat()})
        return self.wait_for_what_is_due(wait_seconds)

    def wait_for_what_is_due(self, wait_seconds: float = 60) -> datetime:
        """Wait until the service has done what is due by its clock. Return what it shows. Raises NoAnswer."""
        for _try in range(max(1, round(wait_seconds / PAUSE_SECONDS))):
            clock = self.client.call("GET", "/sandbox/clock")
            now = self.take_over(clock)
            if not clock["due"]:
                return now
            self.client.sleep(PAUSE_SECONDS)
        raise NoAnswer("the worker did not do what is due")

    def person(self, subject: str = "", *, name: str = "", language: str = "", mails: str = "") -> Json:
        """Make up a person, or find the one whom you made up: ``{subject, name, address, log_in}``."""
        said = {"subject": subject, "name": name, "language": language, "mails": mails}
        return dict(self.client.call("POST", "/sandbox/people", {key: value for key, value in said.items() if value}))

    def answer(self, subject: str, request: str, allow: Sequence[str], valid_days: int | None = None) -> Json:
        """Answer a request as the person. No items: refuse all of it. Return the request as it stands."""
        said = {"request": request, "allow": list(allow), **({"valid_days": valid_days} if valid_days else {})}
        return dict(self.client.call("POST", f"/sandbox/people/{quoted(subject)}/answers", said))

    def withdraw(self, subject: str, decision: str) -> Json:
        """Withdraw as the person what they allowed."""
        return dict(self.client.call("POST", f"/sandbox/people/{quoted(subject)}/withdrawals", {"decision": decision}))

    def recall(self, subject: str, kind: str, recipient: str = "") -> list[str]:
        """Ask recipients as the person to ``delete``, ``correct`` or ``stop``. Return the ids of the cases."""
        said = {"kind": kind, **({"recipient": recipient} if recipient else {})}
        return list(self.client.call("POST", f"/sandbox/people/{quoted(subject)}/recalls", said)["recalls"])

    def mails(self, subject: str) -> list[Json]:
        """The newest mails to the person, which nobody sent."""
        return list(self.client.call("GET", f"/sandbox/people/{quoted(subject)}/mails")["data"])
