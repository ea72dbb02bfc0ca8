"""Reads a publication's document entry by entry, in the page's language. Pure: no SQL."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from disclosures.content.holds import hold_of
from disclosures.content.publications import Document
from disclosures.content.working_copy import LISTS
from disclosures.models import EvidenceNeeded, Ground, ItemList, Route, RouteAbroad, ServiceList
from disclosures.models.content.declarations import ROUTE_FACTS
from disclosures.public.glossary import GlossaryTerms
from disclosures.public.rich_texts import NO_TEXT, rich
from disclosures.public.shown_entries import (
    CountryView,
    DefinitionView,
    ExclusionView,
    HoldView,
    ItemView,
    LinkView,
    PageView,
    QuestionView,
    RecipientView,
    ScenarioView,
    SectionView,
    ServiceView,
)
from privacycenter.text.addresses import is_local
from privacycenter.text.languages import path_prefix
from privacycenter.text.words import Words, words_in

# What a report names for the ground, as the person is told.
EVIDENCE_TOLD = {
    EvidenceNeeded.DECISION: _("your answer here"),
    EvidenceNeeded.ACT: _("the number of what you did in the service"),
    EvidenceNeeded.POLICY: _("the version of the privacy policy"),
    EvidenceNeeded.CONTRACT: _("the number of the contract"),
    EvidenceNeeded.ORDER: _("the number of the order or the legal demand"),
}
# Of the recipients that a situation names: the rest is a link to the list of them.
MOST_NAMED = 20


def plain(texts: dict[str, Any]) -> Words:
    return words_in(texts)


def lines(texts: dict[str, Any]) -> list[Words]:
    text = words_in(texts)
    return [Words(line, text.language, text.is_fallback) for line in text.text.splitlines() if line.strip()]


def in_language(path: str) -> str:
    """Return a path of this site, given without language prefix, in the page's language."""
    return f"{path_prefix()}{path}"


class Reader:
    """Reads one document in the page's language. Lists leave out retired entries and follow ``position``.

    With ``explains``, legal terms link to the glossary where they first occur in a section.
    """

    def __init__(self, document: Document, *, explains: bool = True) -> None:
        self.document = document
        self.count = 0
        self.terms = GlossaryTerms(document if explains else {})
        self.met: set[str] = set()

    def explained(self, text: dict[str, Any]) -> Words:
        return self.terms.explained(self.rich(text), self.met)

    def rich(self, text: dict[str, Any]) -> Words:
        return rich(self.document, text)

    def in_order(self, kind: str, **where: str) -> list[tuple[str, Document]]:
        entries = [
            (code, entry)
            for code, entry in self.document[kind].items()
            if not entry.get("retired") and all(entry[name] == value for name, value in where.items())
        ]
        return sorted(entries, key=lambda pair: (pair[1].get("position", 0), pair[0]))

    # One entry --------------------------------------------------------------------------------------------------------

    def link(self, code: str) -> LinkView:
        entry = self.document["links"][code]
        address = entry["address"]
        is_external = not is_local(address)
        shown = address if is_external else in_language(address)
        return LinkView(plain(entry["title"]), shown, is_external, plain(entry.get("note", {})))

    def item(self, code: str) -> ItemView:
        entry = self.document["data_items"][code]
        return ItemView(code, plain(entry["title"]), plain(entry["description"]))

    def service(self, code: str) -> ServiceView:
        entry = self.document["services"][code]
        return ServiceView(code, plain(entry["title"]), plain(entry["field"]))

    def country(self, code: str) -> CountryView:
        entry = self.document["countries"][code]
        return CountryView(
            code, plain(entry["title"]), self.rich(entry["system"]), self.rich(entry.get("system_unknown", NO_TEXT))
        )

    def recipient(self, code: str) -> RecipientView:
        entry = self.document["recipients"][code]
        texts = {name: plain(entry[name]) for name in ("title", "business", "address")}
        return RecipientView(
            code=code,
            country=self.country(entry["country"]),
            contact=entry["contact"],
            url=entry.get("url", ""),
            measures=self.rich(entry["measures"]),
            measures_unknown=self.rich(entry.get("measures_unknown", NO_TEXT)),
            is_example=entry["is_example"],
            is_abroad=entry["country"] != "JP",
            representative=plain(entry.get("representative", {})),
            basis_abroad=RouteAbroad(basis) if (basis := entry.get("basis_abroad")) else None,
            basis_checked_on=date.fromisoformat(day) if (day := entry.get("basis_checked_on")) else None,
            hold=self.hold(entry),
            **texts,
        )

    def hold(self, recipient: Document) -> HoldView | None:
        hold = hold_of(recipient)
        return HoldView(hold.since, hold.until, plain(recipient.get("on_hold_reason", {}))) if hold else None

    def exclusions(self, scenario: Document) -> list[ExclusionView]:
        return [
            ExclusionView(self.service(one["service"]), self.item(one["item"]), plain(one["reason"]))
            for one in scenario.get("exclusions", ())
        ]

    def scenario(self, code: str, entry: Document, number: int = 0) -> ScenarioView:
        return ScenarioView(
            code=code,
            number=number,
            title=plain(entry["title"]),
            body=self.explained(entry["body"]),
            ground=Ground.from_code(entry["ground"]),
            items=[self.item(item) for item in entry["items"]],
            services=[self.service(service) for service in entry["services"]],
            recipients=[self.recipient(recipient) for recipient in entry["recipients"][:MOST_NAMED]],
            recipient_count=len(entry["recipients"]),
            recipient_kinds=plain(entry["recipient_kinds"]),
            notes=[self.rich(note["body"]) for note in entry["notes"]],
            links=[self.link(link) for link in entry["links"]],
            item_list=ItemList(entry.get("item_list", LISTS["item_list"])),
            is_processed=entry.get("is_processed", False),
            service_list=ServiceList(entry.get("service_list", LISTS["service_list"])),
            exclusions=self.exclusions(entry),
            route=str(Route(entry["route"]).label) if entry.get("route") else "",
            route_detail=plain(entry.get("route_detail", {})),
            route_facts=[
                (str(label), plain(entry.get(field, {})))
                for field, label in ROUTE_FACTS.get(entry.get("route", ""), {}).items()
            ],
            evidence=str(EVIDENCE_TOLD.get(entry.get("evidence", ""), "")),
            address=self.address_of(code, entry),
        )

    def address_of(self, code: str, entry: Document) -> str:
        """Return the URL of a scenario: its page with its anchor."""
        page = self.document["sections"][entry["section"]]["page"]
        return f"{reverse('page', args=[page])}#{code}"

    def question(self, code: str, entry: Document) -> QuestionView:
        return QuestionView(code, plain(entry["question"]), self.explained(entry["answer"]))

    def definition(self, code: str, entry: Document) -> DefinitionView:
        return DefinitionView(code, plain(entry["term"]), self.rich(entry["body"]), lines(entry["examples"]))

    def section(self, code: str, entry: Document) -> SectionView:
        self.met = set()
        return SectionView(
            code=code,
            title=plain(entry["title"]),
            body=self.explained(entry["body"]),
            definitions=[self.definition(*pair) for pair in self.in_order("definitions", section=code)],
            scenarios=[self.numbered(*pair) for pair in self.in_order("scenarios", section=code)],
            questions=[self.question(*pair) for pair in self.in_order("questions", section=code)],
            links=[self.link(link) for link in self.by_position("links", entry["links"])],
            subsections=[self.section(*pair) for pair in self.in_order("sections", page=entry["page"], parent=code)],
        )

    def numbered(self, code: str, entry: Document) -> ScenarioView:
        self.count += 1
        return self.scenario(code, entry, self.count)

    def by_position(self, kind: str, codes: list[str]) -> list[str]:
        return sorted(codes, key=lambda code: (self.document[kind][code]["position"], code))

    # One page ---------------------------------------------------------------------------------------------------------

    def page(self, code: str) -> PageView | None:
        entry = self.document["pages"].get(code)
        if entry is None:
            return None
        return PageView(
            code=code,
            title=plain(entry["title"]),
            lead=self.rich(entry["lead"]),
            sections=[self.section(*pair) for pair in self.in_order("sections", page=code, parent="")],
            related=[self.link(link) for link in self.by_position("links", entry["related"])],
        )
