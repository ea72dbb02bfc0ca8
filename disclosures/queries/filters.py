"""What a list of disclosures is narrowed to, and how that narrows the ledger's rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q, Value
from django.utils import timezone

from disclosures.folding import fold, stands_in
from disclosures.models import DataItem, Ground, ItemSet, Recipient, Scenario, Service
from disclosures.models.ledger import DisclosureQuerySet
from disclosures.queries.combinations import Combination, between

# What a person chooses one value of. Each has a column of its own in the address.
CHOICES = ("recipient", "service", "scenario", "item", "ground", "country")
NAMED = {"recipients": Recipient, "services": Service, "scenarios": Scenario, "data_items": DataItem}


@dataclass(frozen=True)
class Filters:
    """Codes, days of the site's time zone (both included), a month (2026-11), and words. Empty means everything."""

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
        """The filters that are set; the parts of a period are one."""
        found = [field.name for field in fields(self) if getattr(self, field.name)]
        return list(dict.fromkeys("period" if name in PERIOD else name for name in found))

    @property
    def query(self) -> str:
        """This as the query of an address, without its question mark, always in the same order."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return urlencode({name: "on" if value is True else value for name, value in values.items() if value})

    def without(self, name: str) -> "Filters":
        return replace(self, **{part: getattr(EVERYTHING, part) for part in (PERIOD if name == "period" else (name,))})

    @property
    def period(self) -> tuple[datetime | None, datetime | None]:
        """From the first moment on, up to but not including the second. None: open on that side."""
        first, after = month_of(self.month) if self.month else (None, None)
        starts = [midnight(day) for day in (first, self.since) if day]
        ends = [midnight(day) for day in (after, next_day(self.until)) if day]
        return max(starts, default=None), min(ends, default=None)


PERIOD = ("month", "since", "until")
EVERYTHING = Filters()


def month_of(month: str) -> tuple[date, date]:
    """Its first day, and the one of the month after it."""
    first = date.fromisoformat(f"{month}-01")
    return first, (first + timedelta(days=32)).replace(day=1)


def next_day(day: date | None) -> date | None:
    return day + timedelta(days=1) if day else None


def midnight(day: date) -> datetime:
    """The moment at which this day begins in the site's time zone."""
    return timezone.make_aware(datetime.combine(day, time.min))


# --- Words -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sought:
    """For each word that was sought: kind → the codes of what is called so, in any language."""

    words: list[dict[str, set[str]]]

    def is_in(self, codes: dict[str, Sequence[str]]) -> bool:
        """Whether each word names something among these codes (kind → codes)."""
        return all(any(named[kind].intersection(codes[kind]) for kind in named) for named in self.words)


def sought(text: str) -> Sought:
    """What the words of this text name, whatever their width, case or script (``folding``). One SQL statement."""
    words = [word for part in text.split() if (word := fold(part).text.strip())]
    found: list[dict[str, set[str]]] = [{kind: set() for kind in NAMED} for _word in words]
    for kind, code, title in titles() if words else ():
        for word, named in zip(words, found, strict=True):
            if stands_in(word, title):
                named[kind].add(code)
    return Sought(found)


def titles() -> Iterator[tuple[str, str, str]]:
    """Kind, code and folded titles of all that a disclosure can name, also of what is retired or not published."""
    first, *others = (
        model.objects.order_by().values_list(Value(kind), F("code"), F("title"), F("i18n"))
        for kind, model in NAMED.items()
    )
    for kind, code, title, other in first.union(*others, all=True):
        further = [text for name, text in (other or {}).items() if name.startswith("title_") and text]
        yield kind, code, "\n".join(fold(text).text for text in (title, *further))


def naming(found: Sought) -> Q:
    """Rows in which each of the words names something."""
    condition = Q()
    for named in found.words:
        sets = ItemSet.objects.filter(items__code__in=named["data_items"]).values("pk")
        condition &= (
            Q(recipient__code__in=named["recipients"])
            | Q(service__code__in=named["services"])
            | Q(scenario__code__in=named["scenarios"])
            | Q(item_set__in=sets)
        )
    return condition


# --- Narrowing -------------------------------------------------------------------------------------------------------


def narrowed(disclosures: DisclosureQuerySet, filters: Filters, found: Sought | None = None) -> DisclosureQuerySet:
    """The rows that match all filters. ``found``: what the words name, if it is known already; else it is asked for."""
    values: dict[str, Any] = {
        "recipient__code": filters.recipient,
        "service__code": filters.service,
        "scenario__code": filters.scenario,
        "recipient__country__code": filters.country,
        "ground": Ground.from_code(filters.ground) if filters.ground else None,
    }
    disclosures = disclosures.filter(
        between(*filters.period), **{name: value for name, value in values.items() if value}
    )
    if filters.item:
        disclosures = disclosures.with_item(filters.item)
    if filters.text:
        disclosures = disclosures.filter(naming(found or sought(filters.text)))
    return disclosures.flagged() if filters.flagged else disclosures


@dataclass(frozen=True)
class Matcher:
    """The same narrowing for combinations that were counted already."""

    filters: Filters
    found: Sought
    recipients: dict[int, Recipient]

    def failing(self, one: Combination) -> set[str]:
        """The filters that keep this combination out, apart from the period."""
        values = self.values_of(one)
        kept_out = {
            name for name in CHOICES if getattr(self.filters, name) and getattr(self.filters, name) not in values[name]
        }
        if self.filters.flagged and not one.is_flagged:
            kept_out.add("flagged")
        if self.filters.text and not self.found.is_in(self.codes_of(one)):
            kept_out.add("text")
        return kept_out

    def values_of(self, one: Combination) -> dict[str, Sequence[str]]:
        """What this combination has of each choice: one value, or several items."""
        recipient = self.recipients[one.recipient_id]
        return {
            "recipient": (recipient.code,),
            "service": (one.service,),
            "scenario": (one.scenario,),
            "item": one.items,
            "ground": (Ground(one.ground).code,),
            "country": (recipient.country.code,),
        }

    def codes_of(self, one: Combination) -> dict[str, Sequence[str]]:
        return {
            "recipients": (self.recipients[one.recipient_id].code,),
            "services": (one.service,),
            "scenarios": (one.scenario,),
            "data_items": one.items,
        }
