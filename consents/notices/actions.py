"""Giving notices, marking them as read, recording mailings, and choosing preferences."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from consents.models import Frequency, Mailing, Notice, NoticeKind, NoticeReading, Preference
from consents.models.notices import MAILED_AT_ONCE
from consents.notices.preferences import frequencies_of, preference_of, readers_of
from consents.notices.topics import DIGEST_DUE, DigestDue
from privacycenter.database.bulk_insert import insert_new
from privacycenter.errors import InvalidValue
from privacycenter.identifiers import uuid7, uuid8_from
from privacycenter.models import User
from privacycenter.outbox.leaving import leave_each
from privacycenter.text.languages import site_languages

# When digests are sent, in the site's time zone.
DIGEST_AT = time(8, 0)
MONDAY = 0


@dataclass(frozen=True)
class NewNotice:
    """A notice to give to one person. ``id`` derives from what happened: repeated, it is the same notice."""

    person: int
    id: UUID
    kind: NoticeKind
    recipient: int | None = None
    about_id: UUID | None = None
    state: str = ""


@transaction.atomic
def give_notices(*, notices: Sequence[NewNotice], at: datetime) -> int:
    """Give those notices that were not given before and schedule each person's digest. Return how many were new.

    ``at``: when it happened. At most five SQL statements for any number of notices.
    """
    digests = digests_of(notices)
    rows = {
        (notice.person, notice.id): Notice(
            person_id=notice.person, id=notice.id, kind=notice.kind, recipient_id=notice.recipient,
            about_id=notice.about_id, state=notice.state, noticed_at=at,
            mail_on=digest.day if digest else None,
        )
        for notice in notices
        for digest in [digests.get((notice.person, notice.kind))]
    }  # fmt: skip
    written = insert_new(list(rows.values()))
    schedule(
        {digests[row.person_id, NoticeKind(row.kind)] for key, row in rows.items() if key in written and row.mail_on}
    )
    return len(written)


class Digest(NamedTuple):
    """Who gets a digest, and on which day."""

    reader: int
    day: date


def digests_of(notices: Iterable[NewNotice]) -> dict[tuple[int, NoticeKind], Digest]:
    """Return the digest for each (person, kind), for people who get one and can be reached."""
    asked = {(notice.person, notice.kind) for notice in notices if notice.kind not in MAILED_AT_ONCE}
    readers = readers_of({person for person, _kind in asked})
    frequencies = frequencies_of(set(readers.values()))
    now = timezone.localtime()
    return {
        (person, kind): Digest(reader, day)
        for person, kind in asked
        if (reader := readers.get(person)) and (day := digest_day(frequencies[reader], kind, now))
    }


def digest_day(frequency: Frequency, kind: NoticeKind, now: datetime) -> date | None:
    """Return the day of the next digest that includes this notice, or None. ``now`` is in the site's time zone."""
    if frequency == Frequency.NEVER or (frequency == Frequency.URGENT and not kind.is_urgent):
        return None
    day = now.date() if now.time() < DIGEST_AT else now.date() + timedelta(days=1)
    return day + timedelta(days=(MONDAY - day.weekday()) % 7) if frequency == Frequency.WEEKLY else day


def schedule(digests: set[Digest]) -> None:
    """Schedule each digest. Scheduled twice, it is still sent once (``Mailing``)."""
    for day in sorted({day for _person, day in digests}):
        payloads = [DigestDue(person=person, day=day) for person, one in sorted(digests) if one == day]
        leave_each(DIGEST_DUE, payloads, due_at=timezone.make_aware(datetime.combine(day, DIGEST_AT)))


def mark_read(*, ids: Iterable[UUID], by: User) -> int:
    """Mark these notices of the person as read. Return how many were unread. Ids of others are ignored."""
    now = timezone.now()
    own = by.notices.unread(by).filter(id__in=set(ids)).values_list("person_id", "id")
    return len(insert_new([NoticeReading(person_id=account, id=id, read_at=now) for account, id in own]))


def mailing_id(*purpose: str) -> UUID:
    """Return the id of the only e-mail for a purpose: ``digest`` and its day, or ``export`` and its id."""
    return uuid8_from("mailing", *purpose)


def note_mailing(*, person: User, id: UUID, notice_count: int) -> None:
    """Record that an e-mail was sent. Recording it twice is harmless."""
    insert_new([Mailing(person=person, id=id, notice_count=notice_count, sent_at=timezone.now())])


@transaction.atomic
def choose_preference(
    *, frequency: str | None = None, language: str | None = None, is_by_link: bool = False, by: User
) -> Preference:
    """Record a choice; None keeps the current value. Writes nothing if nothing changes. Raises InvalidValue."""
    User.objects.lock(by.pk)
    now_chosen = preference_of(by)
    frequency, language = frequency or now_chosen.frequency, language or now_chosen.language
    if frequency not in Frequency.values:
        raise InvalidValue("There is no such frequency.", "frequency")
    if language not in site_languages():
        raise InvalidValue("The site does not speak that language.", "language")
    if (frequency, language) == (now_chosen.frequency, now_chosen.language):
        return now_chosen
    return Preference.objects.create(
        person=by, id=uuid7(), frequency=frequency, language=language, is_by_link=is_by_link, chosen_at=timezone.now()
    )
