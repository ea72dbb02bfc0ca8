"""Notices as the person and the e-mails read them."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Value
from django.urls import reverse

from consents.asking.decisions import entries
from consents.models import Notice, NoticeKind
from consents.notices.titles import title_of
from disclosures.content.publications import Document, newest_document
from disclosures.ledger.shared_records import together_now
from disclosures.models import Disclosure, Recipient
from disclosures.models.ledger.withholding import is_withheld
from disclosures.public.as_published import as_published
from privacycenter.database.person_queries import PersonQuery
from privacycenter.http.paging import first_of, make_cursor, read_cursor
from privacycenter.models import User
from privacycenter.text.words import Phrase, Words

PAGE_SIZE = 30


@dataclass(frozen=True)
class NoticeRow:
    """One notice, or several of the same kind and minute, each about another recipient.

    ``ids``: of all that it stands for. ``recipients``: empty if it concerns none. ``address``: the URL of what it is
    about.
    """

    ids: list[UUID]
    kind: NoticeKind
    title: Phrase
    recipients: list[Words]
    noticed_at: datetime
    is_read: bool
    address: str


@dataclass(frozen=True)
class NoticeList:
    """One page, newest first. ``older``: the cursor of the next page, empty on the last."""

    rows: list[NoticeRow]
    older: str

    @property
    def unread_ids(self) -> list[UUID]:
        return [id for row in self.rows if not row.is_read for id in row.ids]


def notice_list(person: User, document: Document | None, cursor: str = "") -> NoticeList:
    """Return one page of a person's notices. At most four SQL statements. An invalid cursor gives the first page."""
    rows: Any = person.notices.shown_to(person).with_read_mark(person).select_related("recipient").newest_first()
    _direction, place = read_cursor(cursor)
    if place:
        rows = rows.older_than(*place)
    found = list(rows[: PAGE_SIZE + len(person.keys)])
    shown = as_published(first_of(found, PAGE_SIZE, lambda one: (one.noticed_at, one.id)), document)
    last = shown[-1] if len(found) > len(shown) else None
    outdated = outdated_among(person, shown, document)
    return NoticeList(rows_of(shown, outdated), make_cursor("older", last.noticed_at, last.id) if last else "")


def outdated_among(person: User, notices: Sequence[Notice], document: Document | None) -> set[UUID]:
    """Return the ids of the notices whose news is no longer so: the request was answered or is over, or nothing is
    allowed any more by the approval that was to end. At most three SQL statements, none without such notices.
    """
    about = {
        kind: {one.about_id for one in notices if one.kind == kind and one.about_id}
        for kind in (NoticeKind.REQUEST, NoticeKind.APPROVAL_ENDING)
    }
    still: set[Any] = set()
    if ids := about[NoticeKind.REQUEST]:
        still |= set(person.approval_requests.undecided(person).filter(id__in=ids).values_list("id", flat=True))
    if ids := about[NoticeKind.APPROVAL_ENDING]:
        decisions = list(person.decisions.with_references().defer("text").filter(id__in=ids))
        still |= {one.decision.id for one in entries(decisions, document) if one.is_in_force}
    outdated = {id for ids in about.values() for id in ids} - still
    return {one.id for one in notices if one.about_id in outdated}


def unread_notices(person: User) -> Any:
    return person.notices.shown_to(person).unread(person).order_by()


# In one group: no row without unread notices.
UNREAD = PersonQuery(
    lambda person: (
        unread_notices(person)
        .values(all=Value(1))
        .annotate(unread=Count("id"), incidents=Count("id", filter=Q(kind=NoticeKind.INCIDENT)))
        .values_list("unread", "incidents")
    )
)


def unread_count(person: User) -> int:
    """Return how many notices the person has not read. One SQL statement."""
    return unread_counts(person)[0]


def unread_counts(person: User) -> tuple[int, int]:
    """Return how many notices the person has not read, and how many of these are about an incident. One SQL
    statement."""
    return next(iter(UNREAD.rows(person)), (0, 0))


def unread_incidents(person: User) -> list[NoticeRow]:
    """Return the notices of incidents that the person has not read, newest first. One SQL statement."""
    unread = (
        person.notices.unread(person)
        .filter(kind=NoticeKind.INCIDENT)
        .with_read_mark(person)
        .select_related("recipient")
    )
    return rows_of(list(unread.newest_first()), set())


def rows_of(notices: Sequence[Any], outdated: Collection[UUID]) -> list[NoticeRow]:
    """Return the rows of notices fetched with their read mark and recipient, in their order."""
    groups: dict[object, list[Any]] = {}
    for one in notices:
        minute = one.noticed_at.replace(second=0, microsecond=0)
        key = (one.kind, one.state, minute, one.is_read, one.id in outdated) if one.recipient else one.id
        groups.setdefault(key, []).append(one)
    return [row_of(some, is_outdated=some[0].id in outdated) for some in groups.values()]


def row_of(notices: Sequence[Any], *, is_outdated: bool) -> NoticeRow:
    """Build the row of notices that belong together, at least one."""
    first, kind = notices[0], NoticeKind(notices[0].kind)
    recipients = [one.recipient.name for one in notices if one.recipient]
    return NoticeRow(
        ids=[one.id for one in notices],
        kind=kind,
        title=title_of(kind, recipients, first.state, is_outdated=is_outdated),
        recipients=recipients,
        noticed_at=first.noticed_at,
        is_read=first.is_read,
        address=address_of(kind, first.about_id, first.recipient) if len(notices) == 1 else address_of_several(kind),
    )


def address_of_several(kind: NoticeKind) -> str:
    if kind is NoticeKind.REQUEST:
        return reverse("request_list")
    if kind is NoticeKind.NEW_RECIPIENT:
        return reverse("my_recipient_list")
    if kind is NoticeKind.FLAGGED:
        return f"{reverse('disclosure_list')}?flagged=on"
    if kind is NoticeKind.RECALL_MOVED:
        return reverse("my_recall_list")
    about_disclosures = (NoticeKind.SHOWN_AGAIN, NoticeKind.CASE_TOLD)
    return reverse("disclosure_list" if kind in about_disclosures else "decision_list")


def address_of(kind: NoticeKind, about: UUID | None, recipient: Recipient | None) -> str:
    if kind is NoticeKind.REQUEST:
        return reverse("approval_request", args=[about])
    if kind is NoticeKind.NEW_RECIPIENT and recipient:
        return reverse("my_recipient", args=[recipient.code])
    if kind is NoticeKind.FLAGGED and recipient:
        return f"{reverse('disclosure_list')}?flagged=on&recipient={recipient.code}"
    if kind in (NoticeKind.APPROVAL_ENDING, NoticeKind.WITHDRAWAL_MOVED):
        return reverse("decision", args=[about])
    if kind in (NoticeKind.SHOWN_AGAIN, NoticeKind.CASE_TOLD):
        return reverse("disclosure", args=[about])
    if kind is NoticeKind.RECALL_MOVED:
        return reverse("my_recall", args=[about])
    if kind is NoticeKind.INCIDENT:
        return reverse("my_incident", args=[about])
    if kind is NoticeKind.EXPORT_READY:
        return reverse("export_status", args=[about])
    if kind is NoticeKind.NEW_DEVICE:
        return reverse("log_in_settings")
    if kind is NoticeKind.REPRESENTATION:
        return reverse("my_representative_list")
    return reverse("notice_list")


# --- For the followers -----------------------------------------------------------------------------------------------


def received_before(pairs: set[tuple[int, int]], at: datetime) -> set[tuple[int, int]]:
    """Return those (person, recipient) pairs that the ledger holds from before this moment. One SQL statement.

    For two batches recorded at the same moment both count as first; their notices share an id.
    """
    people, recipients = {person for person, _recipient in pairs}, {recipient for _person, recipient in pairs}
    rows = Disclosure.objects.filter(
        ~is_withheld("id"), person_id__in=people, recipient_id__in=recipients, recorded_at__lt=at
    )
    return set(rows.values_list("person_id", "recipient_id").order_by().distinct()) & pairs


def received_by_others(pairs: set[tuple[int, int]], at: datetime) -> set[tuple[int, int]]:
    """Return those (account, recipient) pairs of which the recipient has something of another account of the person.

    One SQL statement, and one more where somebody has several accounts.
    """
    others = together_now({account for account, _recipient in pairs})
    wanted = {(other, recipient) for account, recipient in pairs for other in others.get(account, ())}
    received = received_before(wanted, at) if wanted else set()
    return {
        (account, recipient)
        for account, recipient in pairs
        if any((other, recipient) in received for other in others.get(account, ()))
    }


def given(ids: Iterable[tuple[int, UUID]]) -> set[tuple[int, UUID]]:
    """Return those (person, id) pairs for which there is a notice. One SQL statement."""
    wanted = set(ids)
    rows = Notice.objects.filter(
        person_id__in={person for person, _id in wanted}, id__in={id for _person, id in wanted}
    )
    return set(rows.values_list("person_id", "id")) & wanted


def digest_counts(person: User, day: date, *, urgent_only: bool) -> Counter[NoticeKind]:
    """Return the number of unread notices of each kind in this day's digest, without news that is no longer so.

    At most five SQL statements.
    """
    notices = list(person.notices.shown_to(person).unread(person).filter(mail_on=day))
    outdated = outdated_among(person, notices, newest_document())
    found = Counter(NoticeKind(one.kind) for one in notices if one.id not in outdated)
    return Counter({kind: count for kind, count in found.items() if kind.is_urgent}) if urgent_only else found
