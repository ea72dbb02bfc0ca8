"""Recipients that a service proposes or changes: in the working copy, until an editor publishes them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from disclosures.content.entries import field_name
from disclosures.content.merging import Cell, cells_of, changed_cells
from disclosures.content.publications import Document
from disclosures.content.working_copy import entry_of
from disclosures.models import Country, Recipient, Reporter, Revision
from disclosures.models.content.recipients import TAKEN_CODES, UNDECIDED_COUNTRY
from disclosures.recipients.naming import NamedRecipient
from disclosures.recipients.saving_actions import save_recipients
from disclosures.writing.actions import lock_working_copy
from privacycenter.errors import ForeignRecipient, InvalidValue, Refusal, RetiredCode, UnknownCode


class Outcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    INVALID = "invalid"


@dataclass(frozen=True)
class Proposed:
    """What became of one. ``entry``: as the working copy has it now. ``refusal`` is set if it is invalid."""

    code: str
    outcome: Outcome
    entry: Document | None = None
    refusal: Refusal | None = None


@transaction.atomic
def propose_recipient(*, named: NamedRecipient, by: Reporter) -> Proposed:
    """Propose a recipient, or change one that this reporter proposed.

    Raises ForeignRecipient if the code is the editors' or another reporter's, RetiredCode if editors have retired it,
    UnknownCode for a country that this site does not have, InvalidValue for what is too long or has no Japanese name.
    """
    (found,) = propose_recipients([named], by=by)
    if found.refusal:
        raise found.refusal
    return found


@transaction.atomic
def propose_recipients(named: Sequence[NamedRecipient], *, by: Reporter) -> list[Proposed]:
    """Do that for each, in order; what is refused of one does not stop the others, and is in its result.

    At most ``naming.LARGEST_BATCH``. Refuses the second of two with the same code (InvalidValue). About ten SQL
    statements, and some more for every 200 recipients.
    """
    lock_working_copy()
    batch = Batch([one.code for one in named], by)
    found = [batch.take(one) for one in named]
    if batch.new or batch.changed:
        save_recipients(new=batch.new, changed=batch.changed, before=batch.before, by=None, reporter=by)
    return [batch.result(*one) for one in found]


class Batch:
    """The rows that a batch names, as they are, and those that it adds and changes."""

    def __init__(self, codes: Sequence[str], by: Reporter) -> None:
        self.by = by
        self.rows = {row.code: row for row in Recipient.objects.with_country().filter(code__in=codes)}
        self.before = {code: entry_of(row) for code, row in self.rows.items()}
        self.said = last_said(self.rows, by)
        self.countries = {row.code: row for row in Country.objects.exclude(code=UNDECIDED_COUNTRY)}
        self.seen: set[str] = set()
        self.new: list[Recipient] = []
        self.changed: list[Recipient] = []

    def take(self, named: NamedRecipient) -> tuple[str, Outcome, Refusal | None]:
        try:
            return named.code, self.taken(named), None
        except Refusal as refusal:
            return named.code, Outcome.INVALID, refusal

    def taken(self, named: NamedRecipient) -> Outcome:
        if named.code in self.seen:
            raise InvalidValue(f"“{named.code}” is in the batch twice.", "code")
        self.seen.add(named.code)
        row = self.rows.get(named.code)
        self.refuse(named, row)
        made = row or Recipient(code=named.code, proposed_by=self.by)
        apply(named, made, self.countries[named.country], self.said.get(named.code, {}))
        if row is None:
            self.rows[named.code] = made
            self.new.append(made)
            return Outcome.CREATED
        if entry_of(row) == self.before[named.code]:
            return Outcome.UNCHANGED
        self.changed.append(row)
        return Outcome.UPDATED

    def refuse(self, named: NamedRecipient, row: Recipient | None) -> None:
        if named.code in TAKEN_CODES:
            raise InvalidValue(f"“{named.code}” is the address of another page. Choose another code.", "code")
        if row and row.proposed_by_id != self.by.pk:
            raise ForeignRecipient(f"“{named.code}” is not a recipient that you proposed. Choose another code.", "code")
        if row and row.retired_at and row.retired_at <= timezone.now():
            raise RetiredCode(f"“{named.code}” is no longer in use. Ask an editor to use it again.", "code")
        if named.country not in self.countries:
            raise UnknownCode(f"There is no country “{named.country}” here. Ask an editor to add it.", "country")
        if not named.name.get(settings.LANGUAGE_CODE):
            raise InvalidValue(f"The name in the language “{settings.LANGUAGE_CODE}” is missing.", "name")
        for field, said in sayings(named):
            refuse_too_long(field, said)

    def result(self, code: str, outcome: Outcome, refusal: Refusal | None) -> Proposed:
        return Proposed(code, outcome, None if refusal else entry_of(self.rows[code]), refusal)


# What a service calls a field → what a recipient does.
FIELDS = {"name": "title", "address": "address", "representative": "representative", "contact": "contact", "url": "url"}


def sayings(named: NamedRecipient) -> list[tuple[str, Mapping[str, str] | str]]:
    """Return (field as services know it, what is said of it), without what is left out."""
    return [(name, said) for name in FIELDS if (said := getattr(named, name)) is not None]


def refuse_too_long(field: str, said: Mapping[str, str] | str) -> None:
    column: Any = Recipient._meta.get_field(FIELDS[field])
    most = column.max_length
    texts = {field: said} if isinstance(said, str) else {f"{field}.{language}": text for language, text in said.items()}
    for place, text in texts.items():
        if len(text) > most:
            raise InvalidValue(f"At most {most} characters.", place)


def last_said(codes: Iterable[str], by: Reporter) -> dict[str, dict[Cell, Any]]:
    """Return code → cell → what this reporter last changed it to. One SQL statement."""
    own = Revision.objects.filter(kind="recipients", code__in=list(codes), reporter=by).order_by("pk")
    said: dict[str, dict[Cell, Any]] = {}
    for code, before, after in own.values_list("code", "before", "after"):
        values = cells_of(after)
        said.setdefault(code, {}).update({cell: values.get(cell, "") for cell in changed_cells(before or {}, after)})
    return said


def apply(named: NamedRecipient, row: Recipient, country: Country, said: Mapping[Cell, Any]) -> None:
    """Set what is said. A text in a language that is left out stays as it is, and so does what an editor has corrected:
    ``said`` is what the reporter said before, and who says the same again says nothing new."""
    if said.get(("country", "")) != country.code:
        row.country = country
    for name, value in sayings(named):
        field = FIELDS[name]
        if isinstance(value, str):
            if said.get((field, "")) != value:
                setattr(row, field, value)
            continue
        for language, text in (value or dict.fromkeys(row.texts(field), "")).items():
            if said.get((field, language)) != text:
                setattr(row, field_name(field, language), text)
