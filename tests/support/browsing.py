"""A person's browser that keeps its cookies, against a server of its own process."""

from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

from tests.support.html import Element, filled_in, parse


class NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        return None


class Browser:
    """``url``: the server, which may be changed; ``session``: the key of the session of who is logged in."""

    def __init__(self, url: str, session: str) -> None:
        self.url, self.cookies, self.opener = url, {"sessionid": session}, build_opener(NoRedirects)

    def open(self, path: str, data=None) -> tuple[int, str]:
        """The status and the body. Raises OSError if the server is not there, or goes away meanwhile."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), "Origin": self.url}
        body = urlencode(data, doseq=True).encode() if data is not None else None
        try:
            answer = self.opener.open(Request(self.url + path, body, headers), timeout=30)
        except HTTPError as error:
            answer = error
        with answer:
            for cookie in answer.headers.get_all("Set-Cookie", []):
                name, value = cookie.partition(";")[0].split("=", 1)
                self.cookies[name] = value
            return answer.status, answer.read().decode()

    def submit(self, path: str, action: str, **data) -> tuple[int, str]:
        """Read a page, fill in its form with this action, and send it. Raises LookupError if there is none."""
        page: Element = parse(self.open(path)[1])
        forms = [form for form in page.all("form") if form["action"] == action]
        return self.open(action, {**filled_in(forms[0]), **data})

    def as_stranger_to_its_writes(self) -> "Browser":
        """The same person in another browser: without its other cookies."""
        return Browser(self.url, self.cookies["sessionid"])
