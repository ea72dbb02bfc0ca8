"""How often services asked: about one person, for that person, and about everybody, for the desk."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from consents.models import QuestionAnswer, QuestionSpike, QuestionTotal
from consents.models.question_counts import QuestionTotalQuerySet
from disclosures.models import Recipient, Service
from disclosures.public.titles import Names
from privacycenter.database.person_queries import PersonQuery
from privacycenter.models import User
from privacycenter.text.words import Words

PER_PAGE = 50


def year_before(day: date) -> date:
    """Return the same day of the year before; on 29 February the 28th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


# --- For the person --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AnswerCount:
    answer: QuestionAnswer
    count: int


@dataclass(frozen=True)
class QuestionsOfService:
    """How often one service asked, when first and last, and each answer with how often it was given."""

    service: Words
    asked_count: int
    first_on: date
    last_on: date
    answers: list[AnswerCount]


@dataclass(frozen=True)
class QuestionsAbout:
    """How often services asked within a year about a person and one recipient, the most frequent service first."""

    services: list[QuestionsOfService]
    asked_count: int
    refused_count: int

    @property
    def last_on(self) -> date:
        return max(one.last_on for one in self.services)


def questions_about(person: User, names: Names, recipient: Recipient) -> QuestionsAbout | None:
    """Return what was asked within a year about this person and recipient; None if nothing. One SQL statement."""
    return questions_in(rows_of(person, recipient.pk), names).get(recipient.code)


def questions_of(person: User, names: Names) -> dict[str, QuestionsAbout]:
    """Return code of a recipient → what was asked within a year, in the order of the last question, newest first.

    One SQL statement.
    """
    found = questions_in(rows_of(person), names)
    return dict(sorted(found.items(), key=lambda pair: (pair[1].last_on, pair[1].asked_count), reverse=True))


def rows_of(person: User, recipient: int | None = None) -> list[Any]:
    return COUNTS.rows(person, since=year_before(timezone.localdate()), recipient=recipient)


def counts_since(person: User, since: date, recipient: int | None) -> QuerySet[Any, Any]:
    rows = person.question_counts.since(since).shown_to(person)
    if recipient:
        rows = rows.filter(recipient_id=recipient)
    return rows.values_list("recipient__code", "service__code", "asked_on", "answer", "question_count").order_by(
        "asked_on"
    )


COUNTS = PersonQuery(counts_since)


def questions_in(rows: Iterable[tuple[str, str, date, int, int]], names: Names) -> dict[str, QuestionsAbout]:
    found: dict[str, dict[str, list[tuple[date, int, int]]]] = {}
    for recipient, service, day, answer, count in rows:
        found.setdefault(recipient, {}).setdefault(service, []).append((day, answer, count))
    return {recipient: about(by_service, names) for recipient, by_service in found.items()}


def about(by_service: dict[str, list[tuple[date, int, int]]], names: Names) -> QuestionsAbout:
    services = [of_service(names.service(code), rows) for code, rows in by_service.items()]
    refused = sum(one.count for some in services for one in some.answers if one.answer is not QuestionAnswer.ALLOWED)
    services.sort(key=lambda one: one.asked_count, reverse=True)
    return QuestionsAbout(services, sum(one.asked_count for one in services), refused)


def of_service(service: Words, rows: list[tuple[date, int, int]]) -> QuestionsOfService:
    """``rows``: in the order of their days."""
    counts = {answer: sum(count for _day, given, count in rows if given == answer) for answer in QuestionAnswer}
    return QuestionsOfService(
        service=service,
        asked_count=sum(counts.values()),
        first_on=rows[0][0],
        last_on=rows[-1][0],
        answers=[AnswerCount(answer, count) for answer, count in counts.items() if count],
    )


# --- For the desk ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TotalFilters:
    """``recipient``: a code. None and "" match all; days are inclusive."""

    recipient: str = ""
    service: Service | None = None
    since: date | None = None
    until: date | None = None
    is_spike: bool = False


@dataclass(frozen=True)
class TotalRow:
    """How often one service asked about one recipient on one day. ``usual_count``: None if it was no spike.

    ``paused_count``: how often it was told no because its system was paused; that is not among ``refused_count``.
    """

    asked_on: date
    recipient: Words
    service: Words
    asked_count: int
    refused_count: int
    paused_count: int
    usual_count: int | None


def question_totals(filters: TotalFilters, page: str = "") -> "Page[Any]":
    """Return one page of ``TotalRow``s, the newest day first, then by noes. At most five SQL statements."""
    rows = narrowed(QuestionTotal.objects.all(), filters).values("asked_on", "recipient_id", "service_id")
    told = (QuestionAnswer.ALLOWED, QuestionAnswer.PAUSED)
    counted = rows.annotate(
        asked=Sum("question_count"),
        refused=Sum("question_count", filter=~Q(answer__in=told), default=0),
        paused=Sum("question_count", filter=Q(answer=QuestionAnswer.PAUSED), default=0),
    )
    shown: Page[Any] = Paginator(
        counted.order_by("-asked_on", "-refused", "-asked", "recipient_id", "service_id"), PER_PAGE
    ).get_page(page)
    found = list(shown.object_list)
    days = {row["asked_on"] for row in found}
    spikes = {
        (one.asked_on, one.recipient_id, one.service_id): one.usual_count
        for one in QuestionSpike.objects.filter(asked_on__in=days)
    }
    recipients = Recipient.objects.in_bulk({row["recipient_id"] for row in found})
    services = Service.objects.in_bulk({row["service_id"] for row in found})
    shown.object_list = [
        TotalRow(
            row["asked_on"], recipients[row["recipient_id"]].name, services[row["service_id"]].name, row["asked"],
            row["refused"], row["paused"], spikes.get((row["asked_on"], row["recipient_id"], row["service_id"])),
        )
        for row in found
    ]  # fmt: skip
    return shown


def narrowed(rows: QuestionTotalQuerySet, filters: TotalFilters) -> QuestionTotalQuerySet:
    if filters.recipient:
        rows = rows.filter(recipient__code=filters.recipient)
    if filters.service:
        rows = rows.filter(service=filters.service)
    if filters.since:
        rows = rows.filter(asked_on__gte=filters.since)
    if filters.until:
        rows = rows.filter(asked_on__lte=filters.until)
    return rows.of_spikes() if filters.is_spike else rows


def recent_spike_count() -> int:
    """Return how many spikes there were today and yesterday. One SQL statement."""
    return QuestionSpike.objects.filter(asked_on__gte=timezone.localdate() - timedelta(days=1)).count()
