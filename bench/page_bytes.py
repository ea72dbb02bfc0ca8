"""The size of a first visit to each public page as served: raw, compressed, with the files it loads."""

import re
from dataclasses import dataclass

from bench.client import Address, ask
from bench.serving import manage, product_environment, served, table

FILES = re.compile(r'<(?:link rel="(?:stylesheet|icon)"|script|img)[^>]*?(?:href|src)="([^"]+)"')
LISTED = re.compile(r"<loc>https?://[^/]+([^<]*)</loc>")
# Pages that differ only by whom they name. Without --full the heaviest of each kind stands for all.
ALIKE = re.compile(r"^((?:/en)?/(?:recipients|services|changes)/)(?!abroad/)[^/]+/$")
KB = 1024


@dataclass(frozen=True)
class Answer:
    raw_bytes: int
    sent_bytes: int
    with_headers_bytes: int
    text: str


@dataclass(frozen=True)
class Visit:
    """A first visit to one page. ``sent_bytes``: the page's body; ``cold_bytes``: all bodies and headers."""

    path: str
    raw_bytes: int
    sent_bytes: int
    cold_bytes: int
    requests: int


def main(full: bool) -> None:
    with product_environment() as environment:
        manage(environment, "prepare")
        with served("privacycenter.wsgi", environment) as site:
            listed = LISTED.findall(ask(site, "/sitemap.xml")[2].decode())
            files: dict[str, Answer] = {}
            visits = [visit(site, path, files) for path in [*listed, "/search/", "/en/search/"]]
    shown = visits if full else list(heaviest_of_each_sort(visits).values())
    table(
        "Bytes of a first visit (brotli; “cold” counts the page and its files, bodies and headers)",
        ["page", "HTML raw", "HTML sent", "cold KB", "requests"],
        [
            [one.path, f"{one.raw_bytes:,}", f"{one.sent_bytes:,}", f"{one.cold_bytes / KB:.1f}", one.requests]
            for one in shown
        ],
    )
    table(
        "Files that public pages load",
        ["file", "raw", "sent"],
        [[path, f"{one.raw_bytes:,}", f"{one.sent_bytes:,}"] for path, one in sorted(files.items())],
    )


def row(one: Visit) -> list[object]:
    return [one.path, f"{one.raw_bytes:,}", f"{one.sent_bytes:,}", f"{one.cold_bytes / KB:.1f}", one.requests]


def visit(site: Address, path: str, files: dict[str, Answer]) -> Visit:
    page = answer(site, path)
    loaded = set(FILES.findall(page.text))
    for file in loaded - files.keys():
        files[file] = answer(site, file)
    cold_bytes = page.with_headers_bytes + sum(files[file].with_headers_bytes for file in loaded)
    return Visit(path, page.raw_bytes, page.sent_bytes, cold_bytes, 1 + len(loaded))


def answer(site: Address, path: str) -> Answer:
    status, _headers, raw = ask(site, path, Accept_Encoding="identity")
    _status, headers, sent = ask(site, path, Accept_Encoding="br")
    if status != 200:
        raise RuntimeError(f"{path} answers {status}")
    head_bytes = sum(len(f"{name}: {value}\r\n") for name, value in headers.items())
    return Answer(len(raw), len(sent), len(sent) + head_bytes, raw.decode())


def heaviest_of_each_sort(visits: list[Visit]) -> dict[str, Visit]:
    found: dict[str, Visit] = {}
    for one in visits:
        alike = ALIKE.match(one.path)
        key = f"{alike[1]}…" if alike else one.path
        if key not in found or one.cold_bytes > found[key].cold_bytes:
            found[key] = one
    return found


if __name__ == "__main__":
    main(full=False)
