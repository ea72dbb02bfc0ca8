"""Filters of a list of disclosures, how they apply to the rows of the ledger, and what their words name."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from disclosures.models import Ground
from disclosures.models.ledger.events import DisclosureQuerySet
from disclosures.public.titles import Names
from disclosures.record.effective_record import (
    Combination,
    CorrectedRecord,
    Narrowing,
    combinations,
    midnight,
    narrowed_to,
)
from privacycenter.text.folding import Folded, fold, stands_in, words_of

# Filters with one chosen value. Each is a query parameter.
CHOICES = ("recipient", "service", "scenario", "item", "ground", "country")
# Field → label.
LABELS = {
    "text": _("Words"),
    "recipient": _("Recipient"),
    "service": _("Service"),
    "scenario": _("Situation"),
    "item": _("Item of information"),
    "ground": _("Ground"),
    "country": _("Country"),
    "month": _("Month"),
    "since": _("From this day"),
    "until": _("Until this day"),
    "flagged": _("Only those with a warning"),
}


@dataclass(frozen=True)
class Filters:
    """Values of the filters: codes, days in the site's time zone (inclusive), a month (2026-11), and words.

    Empty values match everything.
    """

    recipient: str = ""
    service: str = ""
    scenario: str = ""
    item: str = ""
    ground: str = ""
    country: str = ""
    month: str = ""
    since: date | None = None
    until: date | None = None
    flagged: bool = False
    text: str = ""

    @property
    def is_empty(self) -> bool:
        return self == EVERYTHING

    @property
    def names(self) -> list[str]:
        """The filters that are set. The parts of a period count as one."""
        found = [field.name for field in fields(self) if getattr(self, field.name)]
        return list(dict.fromkeys("period" if name in PERIOD else name for name in found))

    @property
    def query(self) -> str:
        """The filters as a query string without question mark, in a fixed order."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return urlencode({name: "on" if value is True else value for name, value in values.items() if value})

    def without(self, name: str) -> "Filters":
        return replace(self, **{part: getattr(EVERYTHING, part) for part in (PERIOD if name == "period" else (name,))})

    @property
    def period(self) -> tuple[datetime | None, datetime | None]:
        """(start, end): ``start`` is included, ``end`` is not. None: open on that side."""
        first, after = month_of(self.month) if self.month else (None, None)
        starts = [midnight(day) for day in (first, self.since) if day]
        ends = [midnight(day) for day in (after, next_day(self.until)) if day]
        return max(starts, default=None), min(ends, default=None)


PERIOD = ("month", "since", "until")
EVERYTHING = Filters()


def month_of(month: str) -> tuple[date, date]:
    """Return the first day of the month, and of the next month."""
    first = date.fromisoformat(f"{month}-01")
    return first, (first + timedelta(days=32)).replace(day=1)


def next_day(day: date | None) -> date | None:
    return day + timedelta(days=1) if day else None


# --- Narrowing -------------------------------------------------------------------------------------------------------

# The ledger's column for each choice, and for each kind of named entry.
COLUMNS = {
    "recipient": "recipient_id",
    "service": "service_id",
    "scenario": "scenario_id",
    "item": "item_set_id",
    "country": "recipient_id",
}
COLUMNS_NAMED = {
    "recipients": "recipient_id",
    "services": "service_id",
    "scenarios": "scenario_id",
    "data_items": "item_set_id",
}


@dataclass(frozen=True)
class Counted:
    """The combinations in a record, and what the words of the text filter name."""

    combinations: list[Combination]
    named: "TextMatches"


def counted(record: CorrectedRecord, filters: Filters, names: Names) -> Counted:
    """Count the whole record, whatever the filters; only ``within_count`` depends on their period.

    One SQL statement, plus those of ``Names`` for unpublished codes.
    """
    start, end = filters.period
    found = combinations(record, start=start, end=end)
    return Counted(found, text_matches(filters.text, titles_of(found, names)) if filters.text else TextMatches([]))


def titles_of(found: Sequence[Combination], names: Names) -> "Titles":
    """Return the names, as the person reads them, of everything in these combinations."""
    codes = {
        "recipients": {one.recipient for one in found},
        "services": {one.service for one in found},
        "scenarios": {one.scenario for one in found},
        "data_items": {code for one in found for code in one.items},
    }
    return {kind: {code: names.texts(kind, code).values() for code in some} for kind, some in codes.items()}


@dataclass(frozen=True)
class Matcher:
    """Determines for each combination which filters match it and which exclude it."""

    filters: Filters
    counted: Counted
    names: Names

    def failing(self, one: Combination) -> set[str]:
        """Return the filters that exclude this combination, apart from the period."""
        kept_out = {name for name in CHOICES if getattr(self.filters, name) and not self.has(one, name)}
        if self.filters.flagged and not one.is_flagged:
            kept_out.add("flagged")
        if self.filters.text and not self.counted.named.is_in(self.codes_of(one)):
            kept_out.add("text")
        return kept_out

    def has(self, one: Combination, name: str) -> bool:
        """Return whether the combination has the value of this filter."""
        return getattr(self.filters, name) in self.values_of(one)[name]

    def values_of(self, one: Combination) -> dict[str, Sequence[str]]:
        """Return the combination's values for each choice: one value, or several items."""
        return {
            "recipient": (one.recipient,),
            "service": (one.service,),
            "scenario": (one.scenario,),
            "item": one.items,
            "ground": (Ground(one.ground).code,),
            "country": (self.names.country_of(one.recipient),),
        }

    def codes_of(self, one: Combination) -> dict[str, Sequence[str]]:
        return {
            "recipients": (one.recipient,),
            "services": (one.service,),
            "scenarios": (one.scenario,),
            "data_items": one.items,
        }

    def chosen(self, names: Sequence[str]) -> dict[str, list[int]]:
        """Return column → primary keys that these choices leave. Two about one column leave what both have."""
        found: dict[str, set[int]] = {}
        for name in names:
            column = COLUMNS[name]
            keys = {getattr(one, column) for one in self.counted.combinations if self.has(one, name)}
            found[column] = found.get(column, keys) & keys
        return {column: sorted(keys) for column, keys in found.items()}

    def naming(self, word: dict[str, set[str]]) -> dict[str, list[int]]:
        """Return column → primary keys of what this word names."""
        found: dict[str, list[int]] = {}
        for kind, column in COLUMNS_NAMED.items():
            named = (one for one in self.counted.combinations if word[kind].intersection(self.codes_of(one)[kind]))
            found[column] = sorted({getattr(one, column) for one in named})
        return found


def narrowed(record: CorrectedRecord, filters: Filters, names: Names) -> DisclosureQuerySet:
    """Select the rows that match all filters by their correct facts.

    Without filters, all rows, including retracted ones.
    """
    if filters.is_empty:
        return record.reported
    return record.matching(condition(record, filters, names))


def condition(record: CorrectedRecord, filters: Filters, names: Names) -> Q:
    """Return all filters as one condition, by keys alone. They come from the statements of ``counted``."""
    return narrowed_to(**narrowing_of(filters, lambda: counted(record, filters, names), names))


def narrowing_of(filters: Filters, count: Callable[[], Counted], names: Names) -> Narrowing:
    """Return what the filters come to. The record is counted only where codes or words have to be found in it."""
    chosen = [name for name in COLUMNS if getattr(filters, name)]
    matcher = Matcher(filters, count(), names) if chosen or filters.text else None
    start, end = filters.period
    return {
        "start": start,
        "end": end,
        "ground": Ground.from_code(filters.ground).value if filters.ground else None,
        "has_warning": filters.flagged,
        "keys": matcher.chosen(chosen) if matcher else {},
        "words": tuple(matcher.naming(word) for word in matcher.counted.named.words) if matcher else (),
    }


# --- Words -----------------------------------------------------------------------------------------------------------

# Kind → code → its titles in all languages.
Titles = Mapping[str, Mapping[str, Iterable[str]]]


@dataclass(frozen=True)
class TextMatches:
    """For each searched word: kind → codes of the entries it names, in any language."""

    words: list[dict[str, set[str]]]

    def is_in(self, codes: dict[str, Sequence[str]]) -> bool:
        """Return whether each word names something among these codes (kind → codes)."""
        return all(any(named[kind].intersection(codes[kind]) for kind in named) for named in self.words)


def text_matches(text: str, titles: Titles) -> TextMatches:
    """Return what the words of this text name, regardless of width, case and script (``folding``)."""
    words = words_of(text)
    found: list[dict[str, set[str]]] = [{kind: set() for kind in titles} for _word in words]
    for kind, code, names in folded(titles) if words else ():
        for word, named in zip(words, found, strict=True):
            if stands_in(word, names):
                named[kind].add(code)
    return TextMatches(found)


def folded(titles: Titles) -> Iterator[tuple[str, str, list[Folded]]]:
    for kind, entries in titles.items():
        for code, texts in entries.items():
            yield kind, code, [fold(text) for text in texts]
