"""The filtered list of disclosures, with the values to filter by, their counts, and which filters could be removed."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from disclosures.coverage.queries import Coverage, coverage_about, warned
from disclosures.models import Ground
from disclosures.public.titles import Names
from disclosures.record.disclosure_list import DisclosureList, disclosure_list
from disclosures.record.effective_record import (
    Combination,
    CorrectedRecord,
    corrected_record,
    counts_by_month,
    months_between,
)
from disclosures.record.filters import CHOICES, Counted, Filters, Matcher, counted, month_of, narrowing_of
from privacycenter.models import User
from privacycenter.text.words import Words


@dataclass(frozen=True)
class Option:
    """One value of a filter. ``count`` is how many disclosures it would leave under all other filters."""

    value: str
    words: Words
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    """One filter with the values that occur. A chosen value is included even if nothing is left of it."""

    name: str
    label: str
    options: list[Option]


@dataclass(frozen=True)
class Chosen:
    """One filter that is set.

    ``query`` is the query string of the list without it, and ``count`` how many that list has. ``alone_count`` is how
    many the list would have with no other filter.
    """

    name: str
    label: str
    words: Words
    query: str
    count: int
    alone_count: int


@dataclass(frozen=True)
class Loosening:
    """Several filters that must be removed together before anything is found.

    ``query`` is the query string of the list without them, ``count`` how many that list has.
    """

    chosen: list[Chosen]
    query: str
    count: int


@dataclass(frozen=True)
class FilteredList:
    """One page of the list under its filters; ``count`` of ``total_count`` disclosures match.

    - ``has_flagged``: whether any disclosure has a warning, whatever the filters.
    - ``coverage``: completeness of the chosen service's reports, or else the services of the chosen scenario that have
      a gap.
    - ``together``: the smallest group of filters whose removal would find something; of several, the one that finds
      most.
    """

    shown: DisclosureList
    facets: list[Facet]
    chosen: list[Chosen]
    flagged_count: int
    has_flagged: bool
    count: int
    total_count: int
    coverage: list[Coverage]
    together: Loosening | None

    @property
    def loosened(self) -> list[Chosen]:
        """Single filters whose removal would find something, the one that finds most first."""
        return sorted((one for one in self.chosen if one.count), key=lambda one: -one.count)

    @property
    def hopeless(self) -> list[Chosen]:
        """Filters that match nothing, even alone."""
        return [one for one in self.chosen if not one.alone_count]


def filtered_list(person: User, names: Names, *, filters: Filters, cursor: str = "") -> FilteredList:
    """Return one page of the list.

    Four SQL statements, however long the record; five if a service or scenario is chosen.
    """
    record = corrected_record(person)
    known = counted(record, filters, names)
    matcher = Matcher(filters, known, names)
    tally = Tally(matcher)
    by_month = months_under(record, filters.without("month"), names, known)
    labels = Labels(names, matcher)
    chosen = [
        Chosen(
            name=name,
            label=label_of(name),
            words=labels.of_filter(name, filters),
            query=filters.without(name).query,
            count=tally.without[name],
            alone_count=tally.alone[name],
        )
        for name in filters.names
    ]
    return FilteredList(
        shown=listed(record, names, filters, known, cursor),
        facets=[
            *(facet(name, tally.values_of(name), filters, labels) for name in CHOICES),
            month_facet(by_month, filters, labels),
        ],
        chosen=chosen,
        flagged_count=tally.flagged_count,
        has_flagged=any(one.is_flagged for one in known.combinations),
        count=tally.count,
        total_count=sum(one.count for one in known.combinations),
        coverage=warned(
            coverage_about(names.document, service=filters.service, scenario=filters.scenario),
            {one.service for one in known.combinations},
        ),
        together=together(chosen, filters, tally),
    )


def listed(record: CorrectedRecord, names: Names, filters: Filters, known: Counted, cursor: str) -> DisclosureList:
    if filters.is_empty:
        return disclosure_list(record.person, names, cursor=cursor)
    narrowing = narrowing_of(filters, lambda: known, names)
    has_corrected = any(one.is_corrected for one in known.combinations)
    return disclosure_list(record.person, names, narrowing=narrowing, has_corrected=has_corrected, cursor=cursor)


def together(chosen: list[Chosen], filters: Filters, tally: "Tally") -> Loosening | None:
    if tally.count or not tally.kept_out_by:
        return None
    fewest, count = min(tally.kept_out_by.items(), key=lambda pair: (len(pair[0]), -pair[1]))
    loosened = filters
    for name in fewest:
        loosened = loosened.without(name)
    return Loosening([one for one in chosen if one.name in fewest], loosened.query, count)


# --- Counting --------------------------------------------------------------------------------------------------------


class Tally:
    """Number of disclosures that match all filters, all but one, and all but one for each value of that one.

    ``alone`` is how many match each filter by itself, ``kept_out_by`` how many are excluded by exactly these filters.
    """

    def __init__(self, matcher: Matcher) -> None:
        self.count = self.flagged_count = 0
        self.without: Counter[str] = Counter()
        self.alone: Counter[str] = Counter()
        self.kept_out_by: Counter[frozenset[str]] = Counter()
        self.by_value: dict[str, Counter[str]] = {name: Counter() for name in CHOICES}
        self.matcher = matcher
        for one in matcher.counted.combinations:
            failing = matcher.failing(one)
            self.add_kept_out(one, failing)
            if len(failing) < 2:
                self.add(one, failing, matcher)

    def values_of(self, name: str) -> Counter[str]:
        """Return value → count for a choice. If nothing matches at all, values with a count of 0 are included."""
        found = Counter(self.by_value[name])
        if not self.count:
            for one in self.matcher.counted.combinations:
                found.update(dict.fromkeys(self.matcher.values_of(one)[name], 0))
        return found

    def add_kept_out(self, one: Combination, failing: set[str]) -> None:
        for name in self.matcher.filters.names:
            if name == "period":
                self.alone[name] += one.within_count
            elif name not in failing:
                self.alone[name] += one.count
        for count, why in ((one.within_count, failing), (one.count - one.within_count, failing | {"period"})):
            if count and why:
                self.kept_out_by[frozenset(why)] += count

    def add(self, one: Combination, failing: set[str], matcher: Matcher) -> None:
        """Count a combination. ``failing`` holds the one filter that excludes it, or none."""
        if not failing:
            self.count += one.within_count
            self.without["period"] += one.count
        for name in failing or matcher.filters.names:
            if name != "period":
                self.without[name] += one.within_count
        if failing <= {"flagged"} and one.is_flagged:
            self.flagged_count += one.within_count
        values = matcher.values_of(one)
        for name in failing or CHOICES:
            if name in CHOICES:
                for value in values[name]:
                    self.by_value[name][value] += one.within_count


def months_under(record: CorrectedRecord, filters: Filters, names: Names, known: Counted) -> dict[str, int]:
    """Return month → number of disclosures under these filters.

    If nothing is left, every month of the record is returned. At most one SQL statement.
    """
    found = known.combinations
    begins = months_between(min(one.first_at for one in found), max(one.last_at for one in found)) if found else []
    narrowing = None if filters.is_empty else narrowing_of(filters, lambda: known, names)
    counts = counts_by_month(record, narrowing, begins)
    return {day.strftime("%Y-%m"): counts[day] for day in begins if counts[day] or not counts}


# --- Words -----------------------------------------------------------------------------------------------------------


def label_of(name: str) -> str:
    """Return the filter's name in the interface."""
    return {
        "recipient": _("Recipient"),
        "service": _("Service"),
        "scenario": _("Situation"),
        "item": _("Item of information"),
        "ground": _("Ground"),
        "country": _("Country"),
        "month": _("Month"),
        "period": _("Period"),
        "flagged": _("Warning"),
        "text": _("Words"),
    }[name]


# Filter → kind of the entries that it chooses among.
KINDS = {
    "recipient": "recipients",
    "service": "services",
    "scenario": "scenarios",
    "country": "countries",
    "item": "data_items",
}


class Labels:
    """Names of the filters' values. No SQL beyond that of ``Names``."""

    def __init__(self, names: Names, matcher: Matcher) -> None:
        self.names = names
        self.occurring: dict[str, set[str]] = {name: set() for name in CHOICES}
        for one in matcher.counted.combinations:
            for name, values in matcher.values_of(one).items():
                self.occurring[name].update(values)

    def of(self, name: str, value: str) -> Words:
        match name:
            case "recipient" | "service" | "scenario" | "country" | "item":
                return self.title(name, value)
            case "ground":
                return said(str(Ground.from_code(value).label))
        return said(date_format(month_of(value)[0], "YEAR_MONTH_FORMAT"))

    def title(self, name: str, value: str) -> Words:
        """Return an entry's title. Of a code that is neither published nor in the record, the code: an address typed by
        hand must not tell what editors prepare.
        """
        kind = KINDS[name]
        is_known = value in self.occurring[name] or value in self.names.document.get(kind, {})
        return self.names.title(kind, value) if is_known else said(value)

    def of_filter(self, name: str, filters: Filters) -> Words:
        """Return the value of a filter that is set, in words."""
        if name == "period":
            return said(period_in_words(filters, self))
        if name == "flagged":
            return said(_("Only those with a warning"))
        return said(filters.text) if name == "text" else self.of(name, getattr(filters, name))


def said(text: str) -> Words:
    """Return words of the interface or of the reader, which are in the page's language."""
    return Words(text, "")


def period_in_words(filters: Filters, labels: Labels) -> str:
    parts = [labels.of("month", filters.month).text] if filters.month else []
    if filters.since and filters.until:
        parts.append(_("%(since)s to %(until)s") % {"since": day(filters.since), "until": day(filters.until)})
    elif filters.since:
        parts.append(_("from %(since)s") % {"since": day(filters.since)})
    elif filters.until:
        parts.append(_("until %(until)s") % {"until": day(filters.until)})
    return " ・ ".join(parts)


def day(found: date) -> str:
    return date_format(found, "DATE_FORMAT")


def facet(name: str, counts: Counter[str], filters: Filters, labels: Labels) -> Facet:
    """Return the values of a filter by count, then by name."""
    chosen = getattr(filters, name)
    values = {*counts} | ({chosen} if chosen else set())
    options = [Option(value, labels.of(name, value), counts[value], value == chosen) for value in values]
    return Facet(name, label_of(name), sorted(options, key=lambda one: (-one.count, one.words.text)))


def month_facet(counts: dict[str, int], filters: Filters, labels: Labels) -> Facet:
    """Return the months, newest first."""
    values = sorted({*counts, *([filters.month] if filters.month else [])}, reverse=True)
    options = [
        Option(value, labels.of("month", value), counts.get(value, 0), value == filters.month) for value in values
    ]
    return Facet("month", label_of("month"), options)
