"""Calls with a token, repeated while the fault is a passing one. Knows nothing of what is called."""

import json
import random
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from privacycenter_client.errors import NoAnswer, ServiceError

PASSING = {408, 425, 429, 500, 502, 503, 504}
# A token is replaced so long before it ends.
TOKEN_MARGIN_SECONDS = 30


class Caller:
    """One reporter at one service. Safe to use from one thread.

    ``api``: ``https://…/api/v1``. ``tries``: how often a call is sent at most. ``sleep``: replaced in tests.
    """

    def __init__(
        self, api: str, client_id: str, secret: str, *, tries: int = 8, timeout_seconds: float = 10,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        if not api.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise ValueError("api is an https:// address")
        self.api, self.client_id, self.secret = api.rstrip("/"), client_id, secret
        self.tries, self.timeout_seconds, self.sleep = tries, timeout_seconds, sleep
        self.token, self.token_until = "", 0.0

    def call(
        self, method: str, path: str, body: Any = None, content_type: str = "application/json", *,
        headers: Mapping[str, str] | None = None, tries: int = 0,
    ) -> Any:  # fmt: skip
        """One call, repeated while the fault is a passing one. Raises ServiceError or NoAnswer. Bytes go as they are.

        What is repeated must be harmless to repeat, as all calls of the API are with the same ids.
        """
        tries = tries or self.tries
        encoded = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        for attempt in range(tries):
            try:
                return self.send(method, path, encoded, content_type, headers or {})
            except urllib.error.HTTPError as error:
                problem, wait = problem_of(error), retry_after(error)
                if error.code == 401 and self.token:
                    self.token, wait = "", 0.0
                elif error.code not in PASSING:
                    raise ServiceError(error.code, problem) from error
            except (OSError, ValueError):
                wait = None  # no connection, a time-out, or half an answer
            if attempt + 1 < tries:
                self.sleep(wait if wait is not None else backoff(attempt))
        raise NoAnswer(f"{method} {path} was not answered in {tries} tries")

    def send(self, method: str, path: str, body: bytes | None, content_type: str, more: Mapping[str, str]) -> Any:
        headers = {**more, "Authorization": f"Bearer {self.current_token()}"}
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
            self.token = str(given["access_token"])
            self.token_until = time.monotonic() + given["expires_in"] - TOKEN_MARGIN_SECONDS
        return self.token


def query(**values: Any) -> str:
    """The values that are not None or empty, as the query of an address."""
    return urllib.parse.urlencode({name: value for name, value in values.items() if value not in (None, "")})


def quoted(text: str) -> str:
    return urllib.parse.quote(text, safe="")


def now_text(later: timedelta = timedelta()) -> str:
    """Now, or so much later, in UTC: such texts sort like the times."""
    return (datetime.now(UTC) + later).isoformat()


def backoff(attempt: int) -> float:
    """Seconds: 0.5, 1, 2, … up to a minute, each cut by up to a half, so that many clients do not come back at once."""
    return min(60.0, 0.5 * 2.0**attempt) * (0.5 + random.random() / 2)  # noqa: S311  no secret


def retry_after(error: urllib.error.HTTPError) -> float | None:
    value = error.headers.get("Retry-After", "")
    return float(value) if value.isdigit() else None


def problem_of(error: urllib.error.HTTPError) -> dict[str, Any]:
    try:
        found = json.loads(error.read())
    except (OSError, ValueError):
        found = None
    return found if isinstance(found, dict) else {"title": error.reason}
