"""Guessing from one address, behind the proxy: who is refused, and who is not. Two processes count together."""

import re
from urllib.parse import urlencode

import pytest

from tests.support.people import PASSWORD
from tests.support.production import ADDRESS

LOGIN = "/accounts/login/"
ENOUGH_GUESSES = 12


class Visitor:
    """A browser at an address of its own, as far as logging in needs one."""

    def __init__(self, way, last: int) -> None:
        self.way, self.address, self.cookies = way, f"127.0.1.{last}", {}

    def keep(self, answer):
        for name, value in re.findall(r"(?im)^set-cookie: ([^=\r\n]+)=([^;\r\n]*)", answer.head):
            self.cookies[name] = value
        return answer

    def headers(self, more) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **more}

    def get(self, path, **more):
        return self.keep(self.way.get(path, self.address, **self.headers(more)))

    def log_in(self, name, password=PASSWORD, **more):
        page = self.get(LOGIN).text
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page).group(1)
        form = urlencode({"csrfmiddlewaretoken": token, "login": name, "password": password}).encode()
        return self.keep(self.way.post(LOGIN, form, self.address, **self.headers({"Origin": ADDRESS, **more})))


@pytest.fixture
def visitor(site):
    return lambda last: Visitor(site.way("tls"), last)


def test_guesses_from_one_address_refuse_nobody_elsewhere(visitor):
    owner = visitor(1)
    assert owner.log_in("hanako").status == 302
    owner.cookies = {name: value for name, value in owner.cookies.items() if "sessionid" not in name}
    guesser = visitor(2)
    # What the guesser says of its own address is not believed.
    answers = [
        guesser.log_in("hanako" if number < ENOUGH_GUESSES // 2 else f"nobody-{number}", "guess",
                       X_Forwarded_For=f"9.9.9.{number}", X_Real_IP=f"9.9.9.{number}")
        for number in range(ENOUGH_GUESSES)
    ]  # fmt: skip
    assert [answer.status for answer in answers] == [200] * ENOUGH_GUESSES
    assert "以前ログインしたことのある端末" in answers[-1].text
    assert guesser.log_in("taro").status == 200, "the guesser's address has to wait, under any name"
    assert visitor(3).log_in("taro").status == 302
    assert visitor(4).log_in("hanako").status == 200, "the name has to wait where it is not known"
    assert owner.log_in("hanako").status == 302


def test_cookies_of_a_log_in_are_bound_to_this_host(visitor):
    person = visitor(5)
    assert person.log_in("taro").status == 302
    assert {"__Host-sessionid", "__Host-known_device"} <= set(person.cookies)
