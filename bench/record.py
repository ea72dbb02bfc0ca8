"""A person with 400 disclosures reads their own pages at two sizes of the ledger. ``python -m bench.record``."""

import gzip
import html
import http.client
import re
import sys
from collections.abc import Iterator
from urllib.parse import quote

from bench.load import Request, median, milliseconds, seconds_of, show
from bench.world import World, engines, sizes, world

REQUESTS, DEEP = 40, 12
HEAD = ["the person's pages", "page", "ms p50 / p95 / p99", "HTML gzip KB", "p50 to the smaller ledger"]
LIST = "/my/disclosures/"
OLDER = re.compile(r'href="([^"]*cursor=[^"]*)"[^>]*rel="next"|rel="next"[^>]*href="([^"]*cursor=[^"]*)"')


def measure(made: World) -> dict[str, tuple[list[float], float]]:
    """Page → seconds of each request, kilobytes of its HTML."""
    pages = {
        "/my/": "/my/",
        "list, first page": LIST,
        "list, filtered": f"{LIST}?recipient=minato-inn",
        f"list, page {DEEP}": deep_page(made),
    }
    found = {}
    for name, path in pages.items():
        body = page(made, path)
        seconds_of(made.address, asked(made, path, 5))
        found[name] = (seconds_of(made.address, asked(made, path, REQUESTS)), len(gzip.compress(body, 6)) / 1024)
    return found


def headers(made: World) -> dict[str, str]:
    return {"Cookie": f"sessionid={made.facts['session']}"}


def asked(made: World, path: str, count: int) -> Iterator[Request]:
    for _number in range(count):
        yield "GET", path, b"", headers(made)


def page(made: World, path: str) -> bytes:
    connection = http.client.HTTPConnection(*made.address, timeout=120)
    connection.request("GET", path, headers=headers(made))
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path} was answered {answer.status}")
    return body


def deep_page(made: World) -> str:
    """Follow the way to older ones, as a reader would."""
    path = LIST
    for _step in range(DEEP - 1):
        found = OLDER.search(page(made, path).decode())
        if not found:
            raise RuntimeError(f"{path} leads to no older page")
        address = html.unescape(found[1] or found[2])
        path = quote(address if address.startswith("/") else LIST + address, safe="/?=&:%-_.~")
    return path


def table(made: World, found: dict, smaller: dict | None) -> list[list[str]]:
    rows = []
    for name, (seconds, size) in found.items():
        ratio = f"{median(seconds) / median(smaller[name][0]):.2f}" if smaller else "–"
        rows.append([made.name, name, milliseconds(seconds), f"{size:.1f}", ratio])
    return rows


def main(full: bool = False) -> None:
    rows = []
    for engine in engines():
        smaller = None
        for size in sizes(full):
            with world(engine, size) as made:
                found = measure(made)
                rows += table(made, found, smaller)
                smaller = found
    show("A person's pages", HEAD, rows)


if __name__ == "__main__":
    main("--full" in sys.argv)
