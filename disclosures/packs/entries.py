"""A content pack as entries of a document, which is how the working copy is changed. Pure: no SQL."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from disclosures.content.publications import Document
from disclosures.content.working_copy import MODELS
from disclosures.packs.schema import FileEntry, Pack, PackEntry, ScenarioEntry, SectionEntry
from privacycenter.errors import PackError, PackProblem

# What is in an entry of a pack, but has entries of its own in a document.
INSIDE = {"sections", "subsections", "definitions", "questions", "scenarios"}
IN_ORDER = ("data_items", "services", "links", "menu", "files", "terms", "synonyms", "recipients")


def entries_of(pack: Pack, now: Document) -> Document:
    """Return the entries that the pack makes of the working copy ``now``: kind → code → entry.

    Raises PackError, naming the file, the key and the entry, if the pack refers to a code that neither it nor ``now``
    has.
    """
    part = PackEntries(now)
    if pack.site:
        part.add("site", "site", plain(pack.site))
    for kind in IN_ORDER:
        part.add_in_order(kind, getattr(pack, kind))
    for country in pack.countries:
        part.add("countries", country.code, plain(country))
    part.add_in_order("pages", pack.pages)
    for page in pack.pages:
        part.add_sections(page.sections, {"page": page.code, "parent": ""})
    refuse_unknown_codes(pack, {kind: {*now.get(kind, {}), *part.entries.get(kind, {})} for kind in MODELS})
    return part.entries


def plain(entry: PackEntry) -> dict[str, Any]:
    said = entry.model_dump(mode="json", exclude={"code", "file", *INSIDE})
    if isinstance(entry, FileEntry):
        said |= {"sha256": entry.sha256, "content_type": entry.content_type.value}
    return said


class PackEntries:
    """Collects the entries of a pack. Whether one is retired, which no pack says, stays."""

    def __init__(self, now: Document) -> None:
        self.now = now
        self.entries: Document = {}

    def add(self, kind: str, code: str, entry: dict[str, Any]) -> None:
        retired = self.now.get(kind, {}).get(code, {}).get("retired")
        self.entries.setdefault(kind, {})[code] = {**entry, "retired": True} if retired else entry

    def add_in_order(self, kind: str, entries: Sequence[Any], **around: str) -> None:
        """Add entries so that their positions follow the order of the list."""
        positions = self.positions(kind, [entry.code for entry in entries])
        for entry, position in zip(entries, positions, strict=True):
            self.add(kind, entry.code, {**plain(entry), **around, "position": position})

    def positions(self, kind: str, codes: Sequence[str]) -> Sequence[int]:
        """Return the current positions if their order is right already, otherwise 1, 2, 3, …

        A pack that matches the working copy therefore changes nothing, however the editor numbered the rows.
        """
        now = self.now.get(kind, {})
        known = [(now[code]["position"], code) for code in codes if code in now]
        if len(known) == len(codes) and sorted(known) == known:
            return [position for position, _code in known]
        return range(1, len(codes) + 1)

    def add_sections(self, entries: Sequence[SectionEntry], around: dict[str, str]) -> None:
        self.add_in_order("sections", entries, **around)
        for entry in entries:
            for kind in ("definitions", "questions", "scenarios"):
                self.add_in_order(kind, getattr(entry, kind), section=entry.code)
            self.add_sections(entry.subsections, {**around, "parent": entry.code})


# --- Codes that are not there ----------------------------------------------------------------------------------------


def refuse_unknown_codes(pack: Pack, known: dict[str, set[str]]) -> None:
    """Raise PackError for the first code that the pack refers to and that is not known."""
    for kind, code, where, entry in references_in(pack):
        if code not in known[kind]:
            file, _colon, key = where.partition(": ")
            told = _("There is no %(kind)s “%(code)s”.") % {"kind": MODELS[kind]._meta.verbose_name, "code": code}
            raise PackError(PackProblem(file, key, told, entry))


# Kind and code that is referred to, where, and the code of the entry that refers to it.
Reference = tuple[str, str, str, str]


def references_in(pack: Pack) -> Iterator[Reference]:
    for position, entry in enumerate(pack.recipients):
        yield "countries", entry.country, f"recipients.yaml: [{position}].country", entry.code
    for page in pack.pages:
        where = f"pages/{page.code}.yaml"
        yield from listed("links", page.related, f"{where}: related", "")
        yield from references_in_sections(page.sections, f"{where}: sections")


def references_in_sections(entries: Sequence[SectionEntry], where: str) -> Iterator[Reference]:
    for position, entry in enumerate(entries):
        place = f"{where}[{position}]"
        for number, scenario in enumerate(entry.scenarios):
            yield from references_in_scenario(scenario, f"{place}.scenarios[{number}]")
        yield from listed("links", entry.links, f"{place}.links", entry.code)
        yield from references_in_sections(entry.subsections, f"{place}.subsections")


def references_in_scenario(entry: ScenarioEntry, place: str) -> Iterator[Reference]:
    for kind, field in (
        ("data_items", "items"),
        ("services", "services"),
        ("recipients", "recipients"),
        ("links", "links"),
    ):
        yield from listed(kind, getattr(entry, field), f"{place}.{field}", entry.code)
    for position, one in enumerate(entry.exclusions):
        yield "services", one.service, f"{place}.exclusions[{position}].service", entry.code
        yield "data_items", one.item, f"{place}.exclusions[{position}].item", entry.code


def listed(kind: str, codes: Sequence[str], where: str, entry: str) -> Iterator[Reference]:
    yield from ((kind, code, f"{where}[{position}]", entry) for position, code in enumerate(codes))
