"""Opening an incident, and every step about it: lists, text, measures, reports, notices, closing."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from consents.incidents.queries import (
    CAN_BE_TAKEN_BACK,
    is_closed,
    is_somebody_left,
    lists_of,
    newest_text,
    not_reported,
    not_told,
    telling_of,
)
from consents.incidents.texts import refuse_bad_texts, trimmed
from consents.incidents.topics import INCIDENT_MAIL_DUE, INCIDENT_NOTICES_DUE, IncidentMail, NoticesDue
from consents.models import IncidentNotice, NoticeKind
from consents.notices.actions import NewNotice, give_notices
from disclosures.affected.queries import next_people, only_withheld
from disclosures.models import AffectedList, AffectedPerson, Incident, IncidentStep, IncidentStepKind, WayTold
from disclosures.models.officers.incidents import way_for
from privacycenter.database.bulk_insert import insert_new
from privacycenter.errors import InvalidValue, NoLongerOpen
from privacycenter.identifiers import uuid7
from privacycenter.models import User
from privacycenter.outbox.leaving import leave, leave_each
from privacycenter.text.legible import fault_of
from privacycenter.text.words import said

# How many people are told in one part, and get their mails in one minute.
MAILS_A_MINUTE = 600
# Before it there was nothing to notice; years far away are stored by no database in every time zone.
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
REPORTS = (IncidentStepKind.REPORTED_FIRST, IncidentStepKind.REPORTED_FINAL, IncidentStepKind.REPORTED_GDPR)
LONGEST_TITLE, LONGEST_WORDS, LONGEST_NOTE = 200, 3_000, 5_000
# What an officer enters by hand, with words that the people affected read.
BY_HAND = (
    IncidentStepKind.MEASURE, IncidentStepKind.REPORTED_FIRST, IncidentStepKind.REPORTED_FINAL,
    IncidentStepKind.REPORTED_GDPR, IncidentStepKind.ANNOUNCED, IncidentStepKind.NOTE, IncidentStepKind.CLOSED,
    IncidentStepKind.REOPENED,
)  # fmt: skip
NEEDS_WORDS = (IncidentStepKind.MEASURE, IncidentStepKind.ANNOUNCED, IncidentStepKind.CLOSED, IncidentStepKind.REOPENED)


@transaction.atomic
def open_incident(
    *, title: str, noticed_at: datetime, is_malicious: bool = False, is_under_gdpr: bool = False, by: User
) -> Incident:
    """Open an incident. The clocks of the law run from ``noticed_at``. Raises InvalidValue without a title, or for a
    time that has not come."""
    if not title.strip() or len(title) > LONGEST_TITLE or fault_of(title):
        raise InvalidValue("A title of at most 200 characters is needed.", "title")
    if not EARLIEST <= noticed_at <= timezone.now():
        raise InvalidValue("It was noticed in this century, and not in the future.", "noticed_at")
    return Incident.objects.create(
        id=uuid7(), title=title.strip(), noticed_at=noticed_at, is_malicious=is_malicious, is_under_gdpr=is_under_gdpr,
        opened_at=timezone.now(), opened_by=by,
    )  # fmt: skip


@transaction.atomic
def attach_list(*, incident: Incident, affected: AffectedList, by: User) -> IncidentStep:
    """Add a list of affected people. Nobody is told by that. Raises NoLongerOpen if the incident is closed, and
    InvalidValue for a list that it has."""
    refuse_closed(incident)
    if any(one.pk == affected.pk for one in lists_of(incident)):
        raise InvalidValue("The incident has this list already.", "list")
    return add_step(incident, IncidentStepKind.LISTED, by, list=affected)


@transaction.atomic
def write_text(*, incident: Incident, words: Mapping[str, Mapping[str, str]], by: User) -> IncidentStep:
    """Write the text for the people affected, anew if there is one: language → part → text. Who was told reads the
    newest. Raises InvalidValue for a missing part, NoLongerOpen if the incident is closed."""
    refuse_closed(incident)
    refuse_bad_texts(words)
    return add_step(incident, IncidentStepKind.TEXT, by, words=trimmed(words))


@transaction.atomic
def take_incident_step(
    *,
    incident: Incident,
    kind: IncidentStepKind,
    words: Mapping[str, str] | None = None,
    note: str = "",
    happened_at: datetime | None = None,
    by: User,
) -> IncidentStep:
    """Record what was done. ``words``: language → what the people affected read of it; ``note`` is the desk's alone.

    Raises InvalidValue for a measure, an announcement, a closing or a reopening without words in the site's first
    language, for a note that says nothing, for closing it before each report of the law was made without a note that
    says why, and for a time that has not come; NoLongerOpen for a step about a closed incident that does not reopen
    it, and for reopening an open one.
    """
    words = said(words)
    refuse_bad_step(kind, words, note)
    refuse_bad_time(incident, kind, happened_at)
    if kind is IncidentStepKind.REOPENED:
        lock(incident)
        if not is_closed(incident):
            raise NoLongerOpen("The incident is open.", "kind")
    else:
        refuse_closed(incident)
    if kind is IncidentStepKind.CLOSED and not note.strip() and not_reported(incident):
        raise InvalidValue("Not every report was made. Say in the note why none is needed.", "reports")
    return add_step(incident, kind, by, words=words, note=note.strip(), happened_at=happened_at)


def refuse_bad_time(incident: Incident, kind: IncidentStepKind, happened_at: datetime | None) -> None:
    """Refuse a time that has not come, and of a report one before the incident was noticed: it would stop a clock."""
    if happened_at is None:
        return
    if not (incident.noticed_at if kind in REPORTS else EARLIEST) <= happened_at <= timezone.now():
        raise InvalidValue("That has not come yet, or is too long ago.", "happened_at")


def refuse_bad_step(kind: IncidentStepKind, words: Mapping[str, str], note: str) -> None:
    if kind not in BY_HAND:
        raise InvalidValue("This is not entered by hand.", "kind")
    if kind in NEEDS_WORDS and not words.get(settings.LANGUAGE_CODE):
        raise InvalidValue("Say in Japanese what was done: the people affected read it.", "words")
    if kind is IncidentStepKind.NOTE and not note.strip():
        raise InvalidValue("The note says nothing.", "note")
    if len(note) > LONGEST_NOTE:
        raise InvalidValue(f"At most {LONGEST_NOTE} characters.", "note")
    if any(len(text) > LONGEST_WORDS for text in words.values()):
        raise InvalidValue(f"At most {LONGEST_WORDS} characters.", "words")
    if fault := next(filter(None, map(fault_of, [*words.values(), note])), None):
        raise InvalidValue(fault, "words")


@transaction.atomic
def take_back_step(*, incident: Incident, step: int, reason: str, by: User) -> IncidentStep:
    """Take back a step that was entered wrongly, with the reason, which the desk alone reads. Both stay in the history;
    clocks, lists, the report and the people affected go by the rest.

    ``step``: its key. Raises InvalidValue without a reason, for a step that is not this incident's or not of
    ``CAN_BE_TAKEN_BACK``, and for a list from which people are being told; NoLongerOpen if the incident is closed, or
    the step was taken back.
    """
    refuse_closed(incident)
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_NOTE or fault_of(reason):
        raise InvalidValue(f"Say why, in at most {LONGEST_NOTE} characters.", "reason")
    wrong = incident.steps.filter(pk=step).first()
    if wrong is None or wrong.step not in CAN_BE_TAKEN_BACK:
        raise InvalidValue("The incident has no such step that can be taken back.", "step")
    if incident.steps.filter(takes_back=wrong).exists():
        raise NoLongerOpen("It was taken back already.", "step")
    if wrong.step is IncidentStepKind.LISTED and is_told_from(incident, wrong):
        raise InvalidValue("People on the list are told already.", "step")
    return add_step(incident, IncidentStepKind.TAKEN_BACK, by, takes_back=wrong, note=reason)


def is_told_from(incident: Incident, listed: IncidentStep) -> bool:
    """Whether people on this list were, or are being, told."""
    return incident.steps.filter(kind=IncidentStepKind.NOTIFIED, pk__gt=listed.pk).exists()


@transaction.atomic
def tell_people(*, incident: Incident, by: User) -> IncidentStep:
    """Have everybody on the incident's lists told, each once, whom nobody has told yet: by a notice, and by mail.

    The worker tells them part by part, so that it goes on where it was if it is killed. Raises InvalidValue without a
    text or a list that is made, and if nobody is left to be told; NoLongerOpen if the incident is closed.
    """
    refuse_closed(incident)
    if newest_text(incident) is None:
        raise InvalidValue("Write the text first.", "text")
    lists = lists_of(incident)
    if not lists or any(one.counted_at is None for one in lists):
        raise InvalidValue("Add a list of affected people, and wait until it is made.", "list")
    if not is_somebody_left(incident, lists, telling_of(incident.steps.all())):
        raise InvalidValue("Everybody on the lists is told, or is being told.", "told")
    step = add_step(incident, IncidentStepKind.NOTIFIED, by)
    # One list after the other: mails of two at once would be more in a minute than is meant.
    first, *rest = (one.pk for one in lists)
    leave(INCIDENT_NOTICES_DUE, NoticesDue(step=step.pk, list=first, rest=tuple(rest)))
    return step


@transaction.atomic
def tell_part(*, incident: Incident, affected: AffectedList, due: NoticesDue) -> int:
    """Tell the next part of a list, and leave the rest, and the lists after it. Return how many were told. Repeated,
    nobody is told twice.

    A constant number of SQL statements. Of whom the law keeps back all that the list is about, nobody is told. Mails
    go out as many a minute as ``MAILS_A_MINUTE`` says.
    """
    people = next_people(affected, due.after, MAILS_A_MINUTE)
    if not people:
        if due.rest:
            first, *rest = due.rest
            leave(INCIDENT_NOTICES_DUE, due.model_copy(update={"list": first, "rest": tuple(rest), "after": 0}))
        return 0
    told = tell(incident, affected, people, mails_due_at(due, timezone.now()))
    leave(INCIDENT_NOTICES_DUE, due.model_copy(update={"after": people[-1], "part": due.part + 1}))
    return told


@transaction.atomic
def tell_shown_again(*, person: int) -> int:
    """Tell a person of the incidents of which they were not told while the law kept all back that these were about.

    Return of how many. One SQL statement for somebody who is on no list.
    """
    lists = AffectedPerson.objects.filter(person_id=person).values("id")
    steps = IncidentStep.objects.standing().filter(kind=IncidentStepKind.LISTED, list__in=lists)
    told = 0
    for step in steps.select_related("incident", "list").order_by("pk"):
        if step.list and is_told_from(step.incident, step):
            told += tell(step.incident, step.list, [person], timezone.now())
    return told


def tell(incident: Incident, affected: AffectedList, people: Sequence[int], mails_due_at: datetime) -> int:
    """Tell these people on a list, but those of whom the law keeps back all that it is about. Return how many were
    told: nobody is told twice, also not under another account. MUST be called in a transaction."""
    # Of two parts that are told at once, one knows whom the other told.
    lock(incident)
    withheld = only_withheld(affected)
    wanted = not_told(incident, [one for one in people if one not in withheld])
    rows = User.objects.filter(pk__in=wanted).select_related("merged_into")
    ways = {row.pk: way_for(row.merged_into or row) for row in rows}
    now = timezone.now()
    written = insert_new(
        [
            IncidentNotice(person_id=person, id=incident.pk, list_id=affected.pk, way=way, told_at=now)
            for person, way in ways.items()
        ]
    )
    told = sorted(person for person, _id in written)
    give_notices(
        notices=[NewNotice(person, incident.pk, NoticeKind.INCIDENT, about_id=incident.pk) for person in told], at=now
    )
    mails = [IncidentMail(person=person, incident=incident.pk) for person in told if ways[person] is WayTold.MAIL]
    leave_each(INCIDENT_MAIL_DUE, mails, due_at=mails_due_at)
    return len(told)


def mails_due_at(due: NoticesDue, now: datetime) -> datetime:
    """Return when the mails of this part go out: a minute after those of the part before."""
    begun = IncidentStep.objects.values_list("taken_at", flat=True).get(pk=due.step)
    return max(now, begun + timedelta(minutes=due.part))


def add_step(incident: Incident, kind: IncidentStepKind, by: User, **values: Any) -> IncidentStep:
    now = timezone.now()
    values["happened_at"] = values.get("happened_at") or now
    return IncidentStep.objects.create(incident=incident, kind=kind, taken_at=now, taken_by=by, **values)


def lock(incident: Incident) -> None:
    Incident.objects.select_for_update().get(pk=incident.pk)


def refuse_closed(incident: Incident) -> None:
    """Lock the incident, and refuse a step about one that is closed. MUST be called in a transaction."""
    lock(incident)
    if is_closed(incident):
        raise NoLongerOpen("The incident is closed. Reopen it first.", "kind")
