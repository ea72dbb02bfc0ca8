"""Notices as the person and the e-mails read them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from consents.models import Notice, NoticeKind
from disclosures.models import Disclosure, Recipient
from privacycenter.http.paging import make_cursor, read_cursor
from privacycenter.models import User
from privacycenter.text.words import Words

PAGE_SIZE = 30


@dataclass(frozen=True)
class NoticeRow:
    """One notice. ``recipient`` is None if it concerns none; ``address`` is the URL of what it is about."""

    id: UUID
    kind: NoticeKind
    words: str
    recipient: Words | None
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
        return [row.id for row in self.rows if not row.is_read]


def notice_list(person: User, cursor: str = "") -> NoticeList:
    """Return one page of a person's notices. One SQL statement. An invalid cursor gives the first page."""
    rows: Any = person.notices.with_read_mark().select_related("recipient").newest_first()
    _direction, place = read_cursor(cursor)
    if place:
        rows = rows.older_than(*place)
    found = list(rows[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    last = shown[-1] if len(found) > PAGE_SIZE else None
    return NoticeList([row_of(one) for one in shown], make_cursor("older", last.noticed_at, last.id) if last else "")


def unread_count(person: User) -> int:
    """Return how many notices the person has not read. One SQL statement."""
    return person.notices.unread().count()


def row_of(notice: Any) -> NoticeRow:
    """Build the row of a notice fetched with its read mark and recipient."""
    kind = NoticeKind(notice.kind)
    return NoticeRow(
        id=notice.id,
        kind=kind,
        words=words_of(kind),
        recipient=notice.recipient.name if notice.recipient else None,
        noticed_at=notice.noticed_at,
        is_read=notice.is_read,
        address=address_of(kind, notice.about_id, notice.recipient),
    )


def words_of(kind: NoticeKind) -> str:
    return {
        NoticeKind.REQUEST: _("A request waits for your answer"),
        NoticeKind.NEW_RECIPIENT: _("Received your data for the first time"),
        NoticeKind.FLAGGED: _("A disclosure of your data has a warning"),
        NoticeKind.APPROVAL_ENDING: _("Your approval ends soon"),
        NoticeKind.WITHDRAWAL_MOVED: _("News about your withdrawal"),
        NoticeKind.EXPORT_READY: _("Your file is ready"),
    }[kind]


def address_of(kind: NoticeKind, about: UUID | None, recipient: Recipient | None) -> str:
    if kind is NoticeKind.REQUEST:
        return reverse("approval_request", args=[about])
    if kind is NoticeKind.NEW_RECIPIENT and recipient:
        return reverse("my_recipient", args=[recipient.code])
    if kind is NoticeKind.FLAGGED and recipient:
        return f"{reverse('disclosure_list')}?flagged=on&recipient={recipient.code}"
    if kind in (NoticeKind.APPROVAL_ENDING, NoticeKind.WITHDRAWAL_MOVED):
        return reverse("decision", args=[about])
    if kind is NoticeKind.EXPORT_READY:
        return reverse("export_status", args=[about])
    return reverse("notice_list")


# --- For the followers -----------------------------------------------------------------------------------------------


def received_before(pairs: set[tuple[int, int]], at: datetime) -> set[tuple[int, int]]:
    """Return those (person, recipient) pairs that the ledger holds from before this moment. One SQL statement.

    For two batches recorded at the same moment both count as first; their notices share an id.
    """
    people, recipients = {person for person, _recipient in pairs}, {recipient for _person, recipient in pairs}
    rows = Disclosure.objects.filter(person_id__in=people, recipient_id__in=recipients, recorded_at__lt=at)
    return set(rows.values_list("person_id", "recipient_id").order_by().distinct()) & pairs


def given(ids: Iterable[tuple[int, UUID]]) -> set[tuple[int, UUID]]:
    """Return those (person, id) pairs for which there is a notice. One SQL statement."""
    wanted = set(ids)
    rows = Notice.objects.filter(
        person_id__in={person for person, _id in wanted}, id__in={id for _person, id in wanted}
    )
    return set(rows.values_list("person_id", "id")) & wanted


def digest_counts(person: User, day: date, *, urgent_only: bool) -> Counter[NoticeKind]:
    """Return the number of unread notices of each kind in this day's digest. One SQL statement."""
    kinds = person.notices.unread().filter(mail_on=day).values_list("kind", flat=True)
    found = Counter(NoticeKind(kind) for kind in kinds)
    return Counter({kind: count for kind, count in found.items() if kind.is_urgent}) if urgent_only else found
