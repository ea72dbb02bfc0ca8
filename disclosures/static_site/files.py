"""What is in a published folder: every file, with the headers that belong to it. Pure."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from disclosures.static_site.answers import ENDINGS

# What becomes of a path: whatever a web server serves, and pages with a query, which have no path of their own.
SITE, QUERIES = "site", "queries"
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Form:
    """One page in one encoding, as a file. ``name``: below the published folder."""

    name: str
    etag: str
    last_modified: str
    headers: Headers


@dataclass(frozen=True)
class Page:
    """``forms``: encoding that was asked for → what is answered; one that is not compressed has the same thrice."""

    target: str
    status: int
    forms: dict[str, Form]

    @property
    def plain(self) -> Form:
        return self.forms["identity"]


@dataclass
class Contents:
    """All of a folder. ``moved``: address → where it leads. ``missing``: language → the page of a wrong address."""

    number: int
    sha256: str
    pages: dict[str, Page] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    missing: dict[str, Page] = field(default_factory=dict)
    moved_headers: Headers = ()
    # What made the compressed forms: another version may make other bytes.
    made_by: str = ""

    @property
    def all_pages(self) -> list[Page]:
        return [*self.pages.values(), *self.missing.values()]

    @property
    def names(self) -> set[str]:
        return {form.name for page in self.all_pages for form in page.forms.values()}

    def classes(self) -> list[Headers]:
        """Return every set of headers that occurs, in a fixed order."""
        return sorted({form.headers for page in self.all_pages for form in page.forms.values()})

    def as_json(self) -> str:
        """Return it as text, each set of headers once: also for programs that put it onto a CDN."""
        classes = self.classes()
        number = {headers: index for index, headers in enumerate(classes)}

        def of(page: Page) -> dict[str, Any]:
            forms = {
                encoding: [form.name, form.etag, form.last_modified, number[form.headers]]
                for encoding, form in page.forms.items()
            }
            return {"status": page.status, "forms": forms}

        said = {
            "publication": {"number": self.number, "sha256": self.sha256},
            "made_by": self.made_by,
            "headers": [dict(headers) for headers in classes],
            "pages": {target: of(page) for target, page in sorted(self.pages.items())},
            "missing": {language: of(page) for language, page in sorted(self.missing.items())},
            "moved": dict(sorted(self.moved.items())),
            "moved_headers": dict(self.moved_headers),
        }
        return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def read_contents(text: str) -> Contents:
    """Read what ``as_json`` wrote. Raises ValueError, KeyError, TypeError for anything else."""
    said = json.loads(text)
    classes = [tuple(headers.items()) for headers in said["headers"]]

    def page(target: str, one: dict[str, Any]) -> Page:
        forms = {
            encoding: Form(name, etag, last_modified, classes[number])
            for encoding, (name, etag, last_modified, number) in one["forms"].items()
        }
        return Page(target, one["status"], forms)

    return Contents(
        said["publication"]["number"], said["publication"]["sha256"],
        {target: page(target, one) for target, one in said["pages"].items()},
        dict(said["moved"]),
        {language: page("", one) for language, one in said["missing"].items()},
        tuple(said["moved_headers"].items()),
        said["made_by"],
    )  # fmt: skip


def name_of(target: str) -> str:
    """Return the file of an address, below the published folder and without the ending of its encoding."""
    path, _, query = target.partition("?")
    if query:
        return f"{QUERIES}{path}{query}.html"
    return f"{SITE}{path}index.html" if path.endswith("/") else f"{SITE}{path}"


def name_of_missing(language: str, default: str) -> str:
    return f"{SITE}/404.html" if language == default else f"{SITE}/{language}/404.html"


def name_in(name: str, encoding: str) -> str:
    return name + ENDINGS[encoding]


def rules_of(contents: Contents) -> dict[str, dict[str, str]]:
    """Return pattern → headers, for servers that set headers by patterns and add up those of all patterns that match.

    ``/*`` has what all answers have. What a server says by itself (length, encoding, the type of a known ending) is
    left out, and ETags, of which each encoding has its own.
    """
    plain = {
        target: {name: value for name, value in page.plain.headers if name not in SAID_BY_SERVERS}
        for target, page in contents.pages.items()
        if "?" not in target
    }
    everywhere = common(plain.values())
    rules = {"/*": everywhere}
    areas: dict[str, list[str]] = {}
    for target in plain:
        areas.setdefault(area_of(target), []).append(target)
    for area, targets in sorted(areas.items()):
        said = common(plain[target] for target in targets)
        rules[area] = {name: value for name, value in said.items() if name not in everywhere}
        for target in targets:
            if own := {name: value for name, value in plain[target].items() if name not in said}:
                rules[target] = own
    return {pattern: headers for pattern, headers in rules.items() if headers}


SAID_BY_SERVERS = ("Content-Type", "Content-Encoding", "Vary")


def area_of(target: str) -> str:
    """Return the pattern of everything below the first part of a path; the address itself where there is nothing."""
    first, slash, _rest = target.lstrip("/").partition("/")
    return f"/{first}/*" if slash else target


def common(found: Iterable[dict[str, str]]) -> dict[str, str]:
    sets = [set(headers.items()) for headers in found]
    return dict(sorted(set.intersection(*sets))) if sets else {}
