"""Menu and footer of every page, from a publication: its own links, or the standard ones. Pure: no SQL."""

from collections.abc import Iterator
from dataclasses import dataclass

from disclosures.content.publications import Document
from disclosures.guard_rails.findings import Places
from disclosures.models.content.menu import PAGE_NAMES, POLICY, STANDARD_LINKS, MenuPlace
from disclosures.public.reader import Reader, in_language, plain
from disclosures.public.rich_texts import NO_TEXT
from privacycenter.text.addresses import is_local
from privacycenter.text.words import Words


@dataclass(frozen=True)
class MenuLink:
    """One link. ``section``: as pages name the one that they are in; empty if only the address tells."""

    title: Words
    address: str
    note: Words
    section: str = ""


@dataclass(frozen=True)
class Menus:
    head: list[MenuLink]
    foot: list[MenuLink]


# Address → the section that the pages there name.
SECTIONS = {
    "/where-provided/": "where",
    "/recipients/": "recipients",
    "/services/": "services",
    "/faq/": "faq",
    "/search/": "search",
    "/my/": "my",
}
# Before anything is published, no other page has something to say.
UNPUBLISHED = ("/my/",)


def menus_of(document: Document) -> Menus:
    """Return what the menu and the footer show. A link to a page that the publication does not have is left out."""
    return Menus(head=list(links(document, MenuPlace.HEAD)), foot=list(links(document, MenuPlace.FOOT)))


def menus_before_publishing() -> Menus:
    return Menus(head=[named(address, {}) for address in UNPUBLISHED], foot=[])


def links(document: Document, place: MenuPlace) -> Iterator[MenuLink]:
    places = Places(document)
    chosen = sorted(
        ((code, entry) for code, entry in document.get("menu", {}).items() if entry["place"] == place),
        key=lambda pair: (pair[1]["position"], pair[0]),
    )
    if not chosen:
        yield from standard_links(document, place, places)
        return
    for _code, entry in chosen:
        if places.has(entry["address"], ""):
            yield link_of(document, entry)


def standard_links(document: Document, place: MenuPlace, places: Places) -> Iterator[MenuLink]:
    for one in STANDARD_LINKS:
        if one.place == place and one.address and places.has(one.address, ""):
            yield named(one.address, document)
        elif one.place == place and not one.address and POLICY in document["links"]:
            policy = Reader(document).link(POLICY)
            yield MenuLink(policy.title, policy.address, policy.note)


def link_of(document: Document, entry: Document) -> MenuLink:
    found = named(entry["address"], document)
    title = plain(entry["title"]) if entry.get("title") else found.title
    return MenuLink(title, found.address, plain(entry.get("note", NO_TEXT)), found.section)


def named(address: str, document: Document) -> MenuLink:
    """Return a link with the name of the page that it leads to."""
    label = PAGE_NAMES.get(address)
    title = Words(str(label), "") if label else page_title(document, address)
    shown = in_language(address) if is_local(address) else address
    return MenuLink(title or Words(address, ""), shown, Words("", ""), SECTIONS.get(address, ""))


def page_title(document: Document, address: str) -> Words:
    code = address.partition("#")[0].strip("/")
    return plain(document.get("pages", {}).get(code, {}).get("title", {}))
