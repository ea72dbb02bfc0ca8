"""What a reporter reported of one day, and a digest of it that the reporter can compute too. Never writes.

A day is one in UTC, by the ``time`` of the event. docs/api.md says how the digest is made.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models import Q

from disclosures.models import Correction, Disclosure, Flag, Reporter
from privacycenter.models import User

MODULUS = 1 << 256
AT_ONCE = 5_000
HOURS = 24
CURSOR = r"^[dc][0-9]{1,17}-[0-9a-f]{32}$"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Kind:
    """Disclosures or corrections. ``at``: the column that has the ``time`` of the event."""

    letter: str
    model: type[models.Model]
    at: str


KINDS = (Kind("d", Disclosure, "occurred_at"), Kind("c", Correction, "corrected_at"))


class UtcHour(models.Func):
    """The hour of a time, in UTC: as the index of reporters and hours has it (``database.triggers``)."""

    template = "date_trunc('hour', %(expressions)s AT TIME ZONE 'UTC')"
    output_field = models.DateTimeField()


@dataclass
class Digest:
    """How many events, and the sum of what each of them counts, in no order."""

    count: int = 0
    total: int = 0

    def add(self, id: UUID, fingerprint: bytes) -> None:
        self.count += 1
        entry = hashlib.sha256(id.bytes + fingerprint).digest()
        self.total = (self.total + int.from_bytes(entry, "big")) % MODULUS

    def __add__(self, other: "Digest") -> "Digest":
        return Digest(self.count + other.count, (self.total + other.total) % MODULUS)

    @property
    def said(self) -> dict[str, Any]:
        return {"count": self.count, "digest": f"{self.total:064x}"}


@dataclass
class DayDigests:
    """The digests of one kind of a day, by its hours."""

    hours: list[Digest] = field(default_factory=lambda: [Digest() for _hour in range(HOURS)])

    @property
    def said(self) -> dict[str, Any]:
        whole = sum(self.hours, Digest())
        return {**whole.said, "hours": [one.said for one in self.hours]}


def digests_of_day(reporter: Reporter, day: date) -> dict[str, Any]:
    """Return the answer of ``GET /disclosures/digests``.

    Two SQL statements, by an index of reporters and hours; what it takes grows with the reports of that day alone.
    """
    return {
        "day": day.isoformat(),
        "disclosures": day_digests(KINDS[0], reporter, day).said,
        "corrections": day_digests(KINDS[1], reporter, day).said,
    }


def day_digests(kind: Kind, reporter: Reporter, day: date) -> DayDigests:
    found = DayDigests()
    rows = of_day(kind, reporter, day).values_list(kind.at, "id", "fingerprint")
    for at, id, fingerprint in rows.iterator(chunk_size=AT_ONCE):
        found.hours[at.astimezone(UTC).hour].add(id, bytes(fingerprint))
    return found


def of_day(kind: Kind, reporter: Reporter, day: date, since: datetime | None = None) -> models.QuerySet[Any]:
    """Select the rows of a kind that a reporter reported of a day, or of what is left of it from a moment on.

    On PostgreSQL by the hour, as its index has it: a day is made of whole ones.
    """
    begin = datetime.combine(day, time(), UTC)
    rows: models.QuerySet[Any] = kind.model._default_manager.filter(reporter_id=reporter.pk).order_by()
    since = max(since, begin) if since else begin
    if connection.vendor == "postgresql":
        since_hour = since.replace(minute=0, second=0, microsecond=0)
        rows = rows.alias(hour=UtcHour(kind.at))
        return rows.filter(hour__gte=since_hour, hour__lt=begin + timedelta(days=1))
    return rows.filter(**{f"{kind.at}__gte": since, f"{kind.at}__lt": begin + timedelta(days=1)})


def reports_of_day(reporter: Reporter, day: date, after: str, limit: int) -> dict[str, Any]:
    """Return a page of what was reported of a day: disclosures, then corrections, each in the order of their times.

    At most five SQL statements. ``after``: the cursor of the page before, empty for the first.
    """
    rows: list[tuple[Kind, Any]] = []
    for kind in KINDS:
        if after[:1] == "c" and kind.letter == "d":
            continue
        if len(rows) <= limit:
            own = after if after[:1] == kind.letter else ""
            rows += [(kind, row) for row in page_of(kind, reporter, day, own, limit + 1 - len(rows))]
    shown = rows[:limit]
    subjects = User.objects.in_bulk([row.person_id for _kind, row in shown])
    return {
        "data": [said_of(kind, row, subjects[row.person_id].subject) for kind, row in shown],
        "next": cursor_of(*shown[-1]) if shown else after or None,
        "has_more": len(rows) > limit,
    }


def page_of(kind: Kind, reporter: Reporter, day: date, after: str, limit: int) -> Iterator[Any]:
    in_order = [kind.at, "id"]
    since, id = moment_and_id(after) if after else (None, None)
    rows = of_day(kind, reporter, day, since).select_related("source")
    if connection.vendor == "postgresql":
        in_order.insert(0, "hour")
    if since:
        later = Q(**{f"{kind.at}__gt": since}) | Q(**{kind.at: since, "id__gt": id})
        rows = rows.filter(later)
    return rows.order_by(*in_order)[:limit].iterator(chunk_size=limit)


def cursor_of(kind: Kind, row: Any) -> str:
    return f"{kind.letter}{(getattr(row, kind.at) - EPOCH) // MICROSECOND}-{row.id.hex}"


def moment_and_id(cursor: str) -> tuple[datetime, UUID]:
    """Return what a cursor stands for. It MUST match ``CURSOR``, whose numbers are all times of this calendar."""
    microseconds, _, id = cursor[1:].partition("-")
    return EPOCH + MICROSECOND * int(microseconds), UUID(id)


def said_of(kind: Kind, row: Any, subject: str) -> dict[str, Any]:
    is_correction = kind.letter == "c"
    return {
        "id": row.event_id,
        "source": row.source.text if row.source else None,
        "subject": subject,
        "time": getattr(row, kind.at).isoformat(),
        "disclosure": str(row.disclosure_id if is_correction else row.id),
        **({"correction": str(row.id)} if is_correction else {}),
        "recorded_at": row.recorded_at.isoformat(),
        "flagged": bool(row.flags),
        "flags": [flag.code for flag in Flag(row.flags)],
        "fingerprint": bytes(row.fingerprint).hex(),
    }
