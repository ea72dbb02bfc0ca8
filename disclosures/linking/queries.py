"""Everything of the working copy that a text can link to or show, with the Markdown for it. Pure: no SQL."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosures.content.entries import NAMES
from disclosures.content.publications import Document
from disclosures.editing.file_uses import desk_address
from disclosures.public.entry_urls import address_of
from privacycenter.text.folding import fold, stands_in, words_of
from privacycenter.text.languages import speaking
from privacycenter.text.shown_files import is_picture
from privacycenter.text.words import Words, words_in

# The kinds to choose from, in the order in which they are shown.
KINDS = {
    "pages": gettext_lazy("Pages"),
    "sections": gettext_lazy("Sections"),
    "scenarios": gettext_lazy("Situations"),
    "definitions": gettext_lazy("Definitions"),
    "questions": gettext_lazy("Questions and answers"),
    "recipients": gettext_lazy("Recipients"),
    "services": gettext_lazy("Services"),
    "terms": gettext_lazy("Legal terms"),
    "links": gettext_lazy("Links"),
    "pictures": gettext_lazy("Pictures"),
    "documents": gettext_lazy("Documents"),
}
# Pages of the site that no editor made → their names.
FIXED = {
    "home": gettext_lazy("Home"),
    "recipient_list": gettext_lazy("Recipients in Japan"),
    "recipient_list_abroad": gettext_lazy("Recipients abroad"),
    "service_list": gettext_lazy("By service"),
    "faq": gettext_lazy("Questions and answers"),
    "glossary": gettext_lazy("Glossary"),
    "change_list": gettext_lazy("Record of changes"),
    "contact": gettext_lazy("Contact"),
    "overview": gettext_lazy("My record"),
}


@dataclass(frozen=True)
class Linkable:
    """One thing that a text can link to, or show. ``place``: the page it is on; ``thumbnail``: of a picture.

    ``before`` and ``after`` stand around the words of the link; ``markdown`` is all of it, with the title as words.
    """

    kind: str
    title: Words
    place: Words
    address: str
    thumbnail: str = ""

    @property
    def kind_label(self) -> str:
        return str(KINDS[self.kind])

    @property
    def before(self) -> str:
        return "![" if self.kind == "pictures" else "["

    @property
    def after(self) -> str:
        return f"]({self.address})"

    @property
    def words(self) -> str:
        """The words that stand in the brackets, if the editor selected none: a picture has its own."""
        return "" if self.kind == "pictures" else as_words(self.title.text)

    @property
    def markdown(self) -> str:
        return f"{self.before}{self.words}{self.after}"


def as_words(text: str) -> str:
    """Return a title so that it is itself between the brackets of a link."""
    return "".join(f"\\{letter}" if letter in "\\[]*_`<" else letter for letter in text)


def linkables(document: Document, *, query: str = "", kind: str = "", language: str = "") -> list[Linkable]:
    """Return what a text in this language can link to or show, by kind, then in the order of the site.

    ``query``: compared as the public search does, with the titles in every language and the codes.
    """
    wanted = words_of(query)
    found = [
        (one, names)
        for one, names in every(document, language or settings.LANGUAGE_CODE)
        if (not kind or one.kind == kind) and matches(wanted, names)
    ]
    order = list(KINDS)
    return [one for one, _names in sorted(found, key=lambda pair: order.index(pair[0].kind))]


def matches(wanted: list[str], names: list[str]) -> bool:
    folded = [fold(name) for name in names] if wanted else []
    return all(stands_in(word, folded) for word in wanted)


def every(document: Document, language: str) -> Iterator[tuple[Linkable, list[str]]]:
    """Yield each with the texts by which it is found."""
    nowhere = Words("", "")
    known = set()
    for kind in ("pages", "sections", "scenarios", "definitions", "questions", "recipients", "services", "terms"):
        for code, entry in in_order(document, kind):
            address = public_path(document, kind, code)
            known.add(address)
            title, names = named(entry, language)
            place = (
                words_in(document["pages"][page]["title"], language)
                if (page := page_of(document, kind, entry))
                else nowhere
            )
            yield Linkable(kind, title, place, address), [*names, code]
    for name, label in FIXED.items():
        address = site_path(name)
        if address not in known:
            with speaking(language):
                title = Words(str(label), language)
            yield Linkable("pages", title, nowhere, address), [title.text, str(label), address]
    for code, entry in in_order(document, "links"):
        title, names = named(entry, language)
        yield Linkable("links", title, nowhere, entry["address"]), [*names, code, entry["address"]]
    for code, entry in in_order(document, "files"):
        title, names = named(entry, language)
        found_by = [*names, *entry.get("alt", {}).values(), code]
        if is_picture(entry):
            yield Linkable("pictures", title, nowhere, f"picture:{code}", desk_address(entry)), found_by
        else:
            yield Linkable("documents", title, nowhere, f"document:{code}"), found_by


def in_order(document: Document, kind: str) -> list[tuple[str, Document]]:
    """Return the entries in use, as their page shows them: those of one section together."""
    entries = [(code, entry) for code, entry in document.get(kind, {}).items() if not entry.get("retired")]
    return sorted(entries, key=lambda pair: (page_of(document, kind, pair[1]), pair[1].get("position", 0), pair[0]))


def page_of(document: Document, kind: str, entry: Document) -> str:
    """Return the code of the page that an entry is on. Empty for one with a page of its own."""
    if kind == "sections":
        return str(entry["page"])
    return str(document["sections"][entry["section"]]["page"]) if "section" in entry else ""


def named(entry: Document, language: str) -> tuple[Words, list[str]]:
    """Return an entry's name in a language, and its names in all."""
    texts: dict[str, str] = next(entry[name] for name in NAMES if name in entry)
    return words_in(texts, language), list(texts.values())


def public_path(document: Document, kind: str, code: str) -> str:
    """Return the address of an entry as texts write it: without a language, which the page of the reader adds."""
    with speaking(settings.LANGUAGE_CODE):
        return address_of(document, kind, code)


def site_path(name: str) -> str:
    with speaking(settings.LANGUAGE_CODE):
        return reverse(name)


def no_match_told(query: str) -> str:
    if not query:
        return _("There is nothing of this kind yet.")
    return _("Nothing is called “%(query)s”. Look at the spelling, or choose another kind.") % {"query": query}
