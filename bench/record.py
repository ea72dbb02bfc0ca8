"""A person with 400 disclosures reads their own pages at two sizes of the ledger. ``python -m bench.record``."""

import gzip
import html
import http.client
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import quote

from bench.load import Request, median, milliseconds, seconds_of, show
from bench.world import World, engines, sizes, world

ROUNDS, REQUESTS, DEEP = 6, 10, 12
HEAD = ["the person's pages", "page", "ms p50 / p95 / p99", "HTML gzip KB", "p50 to the smaller ledger"]
LIST = "/my/disclosures/"
OLDER = re.compile(r'href="([^"]*cursor=[^"]*)"[^>]*rel="next"|rel="next"[^>]*href="([^"]*cursor=[^"]*)"')


def compared(smaller: World, larger: World) -> list[list[str]]:
    """Return the rows of the table for both sites, which take turns page by page, so that other load affects both."""
    pages = [(made, pages_of(made)) for made in (smaller, larger)]
    found: dict[str, dict[str, list[float]]] = {made.name: defaultdict(list) for made, _paths in pages}
    for number in range(ROUNDS + 1):
        for name in pages[0][1]:
            for made, paths in pages:
                seconds = seconds_of(made.address, asked(made, paths[name], REQUESTS))
                if number:  # the first round warms up
                    found[made.name][name] += seconds
    return [
        row_of(made, name, path, found[made.name][name], None if made is smaller else found[smaller.name][name])
        for made, paths in pages
        for name, path in paths.items()
    ]


def pages_of(made: World) -> dict[str, str]:
    return {
        "/my/": "/my/",
        "list, first page": LIST,
        "list, filtered": f"{LIST}?recipient=minato-inn",
        f"list, page {DEEP}": deep_page(made),
    }


def row_of(made: World, name: str, path: str, seconds: list[float], smaller: list[float] | None) -> list[str]:
    size = len(gzip.compress(page(made, path), 6)) / 1024
    ratio = f"{median(seconds) / median(smaller):.2f}" if smaller else "–"
    return [made.name, name, milliseconds(seconds), f"{size:.1f}", ratio]


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
    """Return the page found by following the link to older rows, as a reader would."""
    path = LIST
    for _step in range(DEEP - 1):
        found = OLDER.search(page(made, path).decode())
        if not found:
            raise RuntimeError(f"{path} leads to no older page")
        address = html.unescape(found[1] or found[2])
        path = quote(address if address.startswith("/") else LIST + address, safe="/?=&:%-_.~")
    return path


def alone(full: bool = False) -> None:
    rows = []
    for engine in engines():
        with ExitStack() as stack:
            rows += compared(*(stack.enter_context(world(engine, size)) for size in sizes(full)))
    show("A person's pages", HEAD, rows)


if __name__ == "__main__":
    alone("--full" in sys.argv)
