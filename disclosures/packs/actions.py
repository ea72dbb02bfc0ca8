"""Actions that load a content pack into the working copy."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext as _

from disclosures.editing.actions import lock_working_copy, record_revisions
from disclosures.models import (
    Country,
    DataItem,
    Definition,
    Exclusion,
    Ground,
    Link,
    Note,
    Page,
    Question,
    Recipient,
    Scenario,
    ScenarioItem,
    Section,
    Service,
    Site,
    Synonyms,
    Term,
)
from disclosures.packs.schema import ExclusionEntry, Pack, PackEntry, PageEntry, ScenarioEntry, SectionEntry
from disclosures.publishing.entries import field_name
from disclosures.publishing.publications import Document
from disclosures.publishing.working_copy import working_document
from privacycenter.canonical import sha256_of
from privacycenter.errors import PackError, PackProblem, TextChanged
from privacycenter.models import User
from privacycenter.text.languages import other_languages


@transaction.atomic
def load_content(*, pack: Pack, seen: str | None = None, by: User | None = None) -> Counter[str]:
    """Make the working copy match the pack; content that the pack leaves out stays.

    ``seen`` is the hash of the working copy that the pack was compared with, if any. Returns the number of rows added
    and changed; both are 0 if the same pack was loaded before. Every entry that differs gets a revision. Raises, and
    changes nothing: PackError if the pack refers to a code that neither it nor the database has, TextChanged if the
    working copy is no longer the one that was ``seen``.
    """
    lock_working_copy()
    before = working_document()
    if seen is not None and sha256_of(before) != seen:
        raise TextChanged("The working copy was changed meanwhile.")
    counts = Loader().load(pack)
    if counts.total():
        record_revisions(before=before, after=working_document(), by=by)
    return counts


@transaction.atomic
def rehearse_content(*, pack: Pack) -> tuple[Document, Document]:
    """Return the working copy as it is, and as it would be after loading the pack. Writes nothing. Raises PackError."""
    lock_working_copy()
    before = working_document()
    with transaction.atomic():
        Loader().load(pack)
        after = working_document()
        transaction.set_rollback(True)
    return before, after


# The fields of a scenario that a pack says in one word.
DECLARATIONS = ("item_list", "is_processed", "service_list", "route", "route_abroad", "evidence")


class Loader:
    """Loads one pack and counts the rows it adds and changes."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter(added=0, changed=0)

    def load(self, pack: Pack) -> Counter[str]:
        if pack.site:
            self.save(Site, {"pk": 1}, pack.site, plain=("as_of", "security_contact"))
        self.save_in_order(DataItem, pack.data_items, plain=("is_special_care",))
        self.save_in_order(Service, pack.services)
        self.save_in_order(Link, pack.links, plain=("address",))
        self.save_in_order(Term, pack.terms, plain=("reading",))
        self.save_in_order(Synonyms, pack.synonyms, plain=("line", "task"))
        for country in pack.countries:
            self.save(Country, {"code": country.code}, country)
        self.load_recipients(pack)
        for page, row in zip(pack.pages, self.save_in_order(Page, pack.pages), strict=True):
            self.load_page(page, row)
        return self.counts

    def load_recipients(self, pack: Pack) -> None:
        self.save_in_order(
            Recipient,
            pack.recipients,
            plain=("contact", "is_example", "on_hold_from", "on_hold_until", "basis_abroad", "basis_checked_on"),
            also=[
                {"country": find(Country, entry.country, f"recipients.yaml: [{position}].country", entry.code)}
                for position, entry in enumerate(pack.recipients)
            ],
        )

    def load_page(self, entry: PageEntry, page: Page) -> None:
        where = f"pages/{entry.code}.yaml"
        self.relate(page.related, Link, entry.related, f"{where}: related")
        self.load_sections(entry.sections, page, None, f"{where}: sections")

    def load_sections(self, entries: Sequence[SectionEntry], page: Page, parent: Section | None, where: str) -> None:
        fixed = {"page": page, "parent": parent}
        rows = self.save_in_order(Section, entries, also=[fixed] * len(entries))
        for position, (entry, section) in enumerate(zip(entries, rows, strict=True)):
            place = f"{where}[{position}]"
            inside = {"section": section}
            self.save_in_order(Definition, entry.definitions, also=[inside] * len(entry.definitions))
            self.save_in_order(Question, entry.questions, also=[inside] * len(entry.questions))
            self.load_scenarios(entry.scenarios, section, f"{place}.scenarios")
            self.relate(section.links, Link, entry.links, f"{place}.links", entry.code)
            self.load_sections(entry.subsections, page, section, f"{place}.subsections")

    def load_scenarios(self, entries: Sequence[ScenarioEntry], section: Section, where: str) -> None:
        also = [{"section": section, "ground": Ground.from_code(entry.ground)} for entry in entries]
        rows = self.save_in_order(Scenario, entries, plain=DECLARATIONS, also=also)
        for position, (entry, scenario) in enumerate(zip(entries, rows, strict=True)):
            place = f"{where}[{position}]"
            self.set_items(scenario, entry.items, f"{place}.items", entry.code)
            self.relate(scenario.services, Service, entry.services, f"{place}.services", entry.code)
            self.relate(scenario.recipients, Recipient, entry.recipients, f"{place}.recipients", entry.code)
            self.relate(scenario.links, Link, entry.links, f"{place}.links", entry.code)
            self.set_exclusions(scenario, entry.exclusions, f"{place}.exclusions", entry.code)
            self.set_notes(scenario, entry)

    def set_items(self, scenario: Scenario, codes: Sequence[str], where: str, entry: str) -> None:
        if [row.item.code for row in scenario.scenario_items.select_related("item")] == list(codes):
            return
        items = find_all(DataItem, codes, where, entry)
        scenario.scenario_items.all().delete()
        ScenarioItem.objects.bulk_create(
            ScenarioItem(scenario=scenario, item=item, position=position) for position, item in enumerate(items, 1)
        )
        self.counts["changed"] += 1

    def set_exclusions(self, scenario: Scenario, entries: Sequence[ExclusionEntry], where: str, entry: str) -> None:
        kept = []
        for position, one in enumerate(entries):
            key = {
                "scenario": scenario,
                "service": find(Service, one.service, f"{where}[{position}].service", entry),
                "item": find(DataItem, one.item, f"{where}[{position}].item", entry),
            }
            kept.append(self.save(Exclusion, key, one).pk)
        self.counts["changed"] += scenario.exclusions.exclude(pk__in=kept).delete()[0]

    def set_notes(self, scenario: Scenario, entry: ScenarioEntry) -> None:
        gone = scenario.notes.exclude(code__in=[note.code for note in entry.notes])
        self.counts["changed"] += gone.delete()[0]
        self.save_in_order(Note, entry.notes, also=[{"scenario": scenario}] * len(entry.notes), key="scenario")

    def relate(
        self, relation: Any, model: type[models.Model], codes: Sequence[str], where: str, entry: str = ""
    ) -> None:
        if set(relation.values_list("code", flat=True)) != set(codes):
            relation.set(find_all(model, codes, where, entry))
            self.counts["changed"] += 1

    def save_in_order(
        self,
        model: type[models.Model],
        entries: Sequence[Any],
        *,
        plain: tuple[str, ...] = (),
        also: Sequence[dict[str, Any]] = (),
        key: str = "",
    ) -> list[Any]:
        """Save the entries so that their positions follow the order of the list."""
        extra = also or [{}] * len(entries)
        keys = [
            {"code": entry.code, **({key: more[key]} if key else {})}
            for entry, more in zip(entries, extra, strict=True)
        ]
        positions = self.positions(model, keys)
        return [
            self.save(model, lookup, entry, plain=plain, also={**more, "position": position})
            for lookup, entry, more, position in zip(keys, entries, extra, positions, strict=True)
        ]

    def positions(self, model: type[models.Model], keys: Sequence[dict[str, Any]]) -> Sequence[int]:
        """Return the current positions of the rows if their order is right already, otherwise 1, 2, 3, …

        A pack that matches the database therefore changes nothing, however the editor numbered the rows.
        """
        found = [model._default_manager.filter(**key).values_list("position", "code").first() for key in keys]
        known = [pair for pair in found if pair]
        if len(known) == len(keys) and sorted(known) == known:
            return [position for position, _code in known]
        return range(1, len(keys) + 1)

    def save(
        self,
        model: type[models.Model],
        key: dict[str, Any],
        entry: PackEntry,
        *,
        plain: tuple[str, ...] = (),
        also: dict[str, Any] | None = None,
    ) -> Any:
        """Add or change one row, only if something differs."""
        row = model._default_manager.filter(**key).first() or model(**key)
        is_new = row.pk is None or row._state.adding
        before = None if is_new else state_of(row)
        for name, value in (also or {}).items():
            setattr(row, name, value)
        for name in plain:
            setattr(row, name, getattr(entry, name))
        set_texts(row, entry)
        if is_new or state_of(row) != before:
            row.save()
            self.counts["added" if is_new else "changed"] += 1
        return row


def state_of(row: models.Model) -> dict[str, Any]:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    # An emptied translation counts as a missing one.
    return {**values, "i18n": {name: text for name, text in (values.get("i18n") or {}).items() if text}}


def set_texts(row: Any, entry: PackEntry) -> None:
    """Set every translated text of the entry in every site language; one that the entry leaves out is removed."""
    translations: dict[str, str] = dict(row.i18n or {})
    for name in row._meta.get_field("i18n").fields:
        texts = getattr(entry, name)
        setattr(row, name, texts.get(settings.LANGUAGE_CODE, ""))
        for language in other_languages():
            translations.pop(field_name(name, language), None)
            if language in texts:
                translations[field_name(name, language)] = texts[language]
    row.i18n = translations


def find(model: type[models.Model], code: str, where: str, entry: str) -> Any:
    """Return the row with this code. Raises PackError, naming the file, the key and the entry, if there is none."""
    row = model._default_manager.filter(code=code).first()
    if row is None:
        file, _colon, key = where.partition(": ")
        told = _("There is no %(kind)s “%(code)s”.") % {"kind": model._meta.verbose_name, "code": code}
        raise PackError(PackProblem(file, key, told, entry))
    return row


def find_all(model: type[models.Model], codes: Sequence[str], where: str, entry: str) -> list[Any]:
    return [find(model, code, f"{where}[{position}]", entry) for position, code in enumerate(codes)]
