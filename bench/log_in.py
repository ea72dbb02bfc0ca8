"""Log-ins while a stranger guesses passwords: how long one takes, beside one in quiet."""

import http.client
import re
import threading
import time
from statistics import median
from urllib.parse import urlencode

from bench.client import Address
from bench.load import milliseconds
from bench.serving import manage, product_environment, served, table

PASSWORD = "only-for-measuring"  # noqa: S105
PEOPLE = """
from privacycenter.models import User
for name in ("owner", "guessed"):
    person = User(username=name, subject=f"subject-of-{name}")
    person.set_password("only-for-measuring")
    person.save()
"""
GUESSES_A_SECOND = 20
LOGIN = "/accounts/login/"


class Browser:
    """One connection. Its log-ins come from an address of their own each, as the proxy in front would say."""

    def __init__(self, address: Address) -> None:
        self.connection = http.client.HTTPConnection(*address, timeout=60)
        self.cookies, page = self.asked("GET", "", {})[1:]
        self.token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]  # type: ignore[index]

    def asked(self, method: str, body: str, headers: dict[str, str]) -> tuple[int, str, str]:
        self.connection.request(method, LOGIN, body or None, {"Host": "127.0.0.1", **headers})
        answer = self.connection.getresponse()
        text = answer.read().decode()
        return answer.status, (answer.headers.get("Set-Cookie") or "").partition(";")[0], text

    def log_in(self, name: str, password: str, visitor: str) -> int:
        form = urlencode({"csrfmiddlewaretoken": self.token, "login": name, "password": password})
        kind = "application/x-www-form-urlencoded"
        return self.asked("POST", form, {"Cookie": self.cookies, "Content-Type": kind, "X-Forwarded-For": visitor})[0]


def main(full: bool) -> None:
    rounds, times = (10, 20) if full else (4, 10)
    with product_environment(TRUSTED_PROXIES="1") as environment:
        manage(environment, "migrate", "--verbosity=0")
        manage(environment, "collectstatic", "--noinput", "--verbosity=0")
        manage(environment, "load_content")
        manage(environment, "publish_content")
        manage(environment, "shell", "--verbosity=0", "--command", PEOPLE)
        with served("privacycenter.wsgi", environment) as site:
            quiet: list[float] = []
            attacked: list[float] = []
            for number in range(rounds):
                quiet += log_ins(site, times, 2 * number)
                with_guesses = Guesses(site)
                with_guesses.start()
                attacked += log_ins(site, times, 2 * number + 1)
                with_guesses.stop()
    ratio = median(attacked) / median(quiet)
    table(
        f"Log-ins with a password, one gunicorn process, {rounds * times} each way in turns",
        ["what", "ms p50 / p95 / p99", "ratio"],
        [
            ["in quiet", milliseconds(quiet), ""],
            [
                f"while another address guesses {GUESSES_A_SECOND} times a second",
                milliseconds(attacked),
                f"{ratio:.2f}",
            ],
        ],
    )


def log_ins(site: Address, times: int, part: int) -> list[float]:
    """Return the seconds of each log-in. Every one comes from another address, on a device that is not known."""
    browser, taken = Browser(site), []
    for number in range(times):
        begun = time.perf_counter()
        status = browser.log_in("owner", PASSWORD, f"8.9.{part}.{number}")
        taken.append(time.perf_counter() - begun)
        if status != 302:
            raise RuntimeError(f"a right password was answered {status}")
    return taken


class Guesses(threading.Thread):
    """Wrong passwords for another account from one address, so many a second, until stopped."""

    def __init__(self, site: Address) -> None:
        super().__init__()
        self.browser, self.over = Browser(site), threading.Event()

    def run(self) -> None:
        while not self.over.wait(1 / GUESSES_A_SECOND):
            self.browser.log_in("guessed", "wrong", "8.8.8.8")

    def stop(self) -> None:
        self.over.set()
        self.join()


if __name__ == "__main__":
    main(full=False)
