"""The log of who at the desk opened whose record."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext_lazy

from disclosures.models import AccountStep, LookScope, Lookup, RecordAccess
from disclosures.models.officers.cases import REPRESENTATIVE
from disclosures.public.titles import Names
from disclosures.record.looks import looked_at_words, opened_words
from disclosures.record.scopes import scope_words
from privacycenter.models import User
from privacycenter.text.words import Phrase

PER_PAGE = 50
# Said to everybody alike, so that it tells nobody whether there is such an entry.
WITHHELD = gettext_lazy(
    "Where a law forbids showing an entry to its person, it is left out. Nobody is told whether there is one "
    "(APPI art. 33(5), Cabinet Order art. 11; GDPR art. 15(4))."
)
# Repeated accesses by one member of staff for the same reason within this time count as one.
FOLDED = timedelta(minutes=30)


@dataclass(frozen=True)
class AccessFilters:
    """Filters of the log.

    ``staff`` is a user name; days are in the site's time zone, inclusive.
    """

    person: User | None = None
    staff: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class AccessRow:
    """One access to a page of a record, for the desk, without whose it is.

    ``about_id`` is the row that explains it, if any.
    """

    accessed_at: datetime
    staff: str
    role: str
    what: str
    reason: str
    about_id: UUID | None
    scope: str

    @property
    def looked_at(self) -> str:
        return looked_at_words(self.what)


# What names nobody, and may stand in a list of everybody's.
NAMED_AT_THE_DESK = (LookScope.RECIPIENT, LookScope.SERVICE)


def scope_at_the_desk(row: RecordAccess) -> str:
    """Return what the look-up was about. A request is not named, nor an incident: it would tell whose record it was."""
    label = str(LookScope(row.scope).label) if row.scope in LookScope.values else ""
    return f"{label}: {row.scope_of}" if row.scope in NAMED_AT_THE_DESK else label


def access_list(filters: AccessFilters, page: str = "") -> "Page[Any]":
    """Return one page of ``AccessRow``s, newest first, without looks by representatives. Three SQL statements."""
    found: Any = RecordAccess.objects.exclude(role=REPRESENTATIVE).order_by("-accessed_at", "-id")
    if filters.person:
        found = found.filter(person=filters.person)
    if filters.staff:
        found = found.filter(staff_id__in=User.objects.filter(username=filters.staff).values("pk"))
    if filters.since:
        found = found.filter(accessed_at__date__gte=filters.since)
    if filters.until:
        found = found.filter(accessed_at__date__lte=filters.until)
    shown: Page[Any] = Paginator(found, PER_PAGE).get_page(page)
    rows = list(shown.object_list)
    staff = User.objects.in_bulk({row.staff_id for row in rows})
    shown.object_list = [
        AccessRow(
            accessed_at=row.accessed_at,
            staff=str(staff.get(row.staff_id, "")),
            role=row.role,
            what=row.what,
            reason=row.reason,
            about_id=row.about_id,
            scope=scope_at_the_desk(row),
        )
        for row in rows
    ]
    return shown


def latest_lookups() -> list[tuple[Lookup, str]]:
    """Return the newest look-ups of people with who asked, newest first. Two SQL statements."""
    found = list(Lookup.objects.order_by("-looked_up_at", "-id")[:PER_PAGE])
    staff = User.objects.in_bulk({one.staff_id for one in found})
    return [(one, str(staff.get(one.staff_id, ""))) for one in found]


@dataclass
class AccessFold:
    """Accesses to the same page by one member of staff for one reason within half an hour, for the person.

    ``scope``: how much could be opened, in words. ``who``: the name of a representative; staff are not named.
    """

    newest: RecordAccess
    first_at: datetime
    scope: Phrase | str = ""
    who: str = ""
    count: int = 1

    @property
    def opened(self) -> str:
        return opened_words(self.newest.what)

    def takes(self, access: RecordAccess) -> bool:
        """Return whether an older access of the same kind belongs here."""
        return self.newest.accessed_at - access.accessed_at <= FOLDED


def kind_of(access: RecordAccess) -> tuple[Any, ...]:
    return access.staff_id, access.role, access.what, access.reason, access.about_id, access.scope, access.scope_of


def accesses_of(person: User, names: Names, page: str = "") -> "Page[Any]":
    """Return one page of this person's ``AccessFold``s, newest first. Two SQL statements at most.

    What is shown is what is paged, so all of the person's accesses are read.
    """
    rows: Any = person.record_accesses.shown_to(person).order_by("-accessed_at", "-id")
    shown: Page[Any] = Paginator(folded(rows.iterator()), PER_PAGE).get_page(page)
    folds = list(shown.object_list)
    acting = {fold.newest.staff_id for fold in folds if fold.newest.role == REPRESENTATIVE}
    people = User.objects.in_bulk(acting) if acting else {}
    for fold in folds:
        fold.scope = scope_words(fold.newest.scope, fold.newest.scope_of, names)
        fold.who = str(people.get(fold.newest.staff_id, ""))
    return shown


def folded(rows: Iterable[RecordAccess]) -> list[AccessFold]:
    """Return the accesses, which come newest first, in folds in the same order."""
    folds: list[AccessFold] = []
    last: dict[tuple[Any, ...], AccessFold] = {}
    seen: set[UUID] = set()
    for access in rows:
        # A look at several accounts of the person has one id under each.
        if access.id in seen:
            continue
        seen.add(access.id)
        fold = last.get(kind_of(access))
        if fold and fold.takes(access):
            fold.first_at, fold.count = access.accessed_at, fold.count + 1
        else:
            last[kind_of(access)] = AccessFold(access, access.accessed_at)
            folds.append(last[kind_of(access)])
    return folds


def account_steps_of(person: User) -> list[AccountStep]:
    """Return the newest steps of what the desk did to this person's account, newest first. One SQL statement.

    That accounts were put together is written under each of them, and listed once.
    """
    steps = list(person.account_steps.order_by("-taken_at", "-id")[:PER_PAGE])
    return list({(step.change_id, step.stage): step for step in reversed(steps)}.values())[::-1]
