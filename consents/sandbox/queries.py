"""The people whom a reporter made up, what is seen of them by the API, and the links by which a browser becomes one."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

from consents.asking.requests import request_for_reporter
from consents.models import ApprovalRequest, MadeUpPerson, Recall, RecallCase
from consents.models.public_ids import parse_public_id
from consents.recalls.queries import public_case_id
from disclosures.models import Reporter
from privacycenter.errors import NotFound
from privacycenter.models import ClockMove, OutboxRow, SandboxMail, User
from privacycenter.sandbox import clock

LOG_IN = "sandbox-log-in"
# In real time: the clock of the sandbox may be put forward meanwhile.
LINK_LASTS = timedelta(hours=24)
MOVES_SHOWN = 20
MAILS_SHOWN = 50


def refuse_outside() -> None:
    """Raise NotFound outside of a sandbox."""
    if not settings.SANDBOX:
        raise NotFound("This is no sandbox.")


def clock_state(now: datetime) -> dict[str, Any]:
    """Return what the clock shows, who moved it lately, and how much work is due. Two SQL statements."""
    moves = list(ClockMove.objects.filter(seconds__gt=0).order_by("-number")[:MOVES_SHOWN])
    return {
        "now": now.isoformat(),
        "ahead_seconds": round(clock.ahead().total_seconds()),
        "due": OutboxRow.objects.filter(due_at__lte=now).count(),
        "moves": [{"moved_at": one.moved_at.isoformat(), "seconds": one.seconds, "by": one.by} for one in moves],
    }


def made_up(reporter: Reporter, subject: str) -> User:
    """Return a person whom this reporter made up. Raises NotFound for anybody else. Two SQL statements."""
    refuse_outside()
    known = reporter.made_up_people.filter(subject=subject).exists()
    person = User.objects.with_subject(subject) if known else None
    if person is None or person.is_staff:
        raise NotFound("There is no such person, or another reporter made them up.")
    return person


def made_up_people(reporter: Reporter, after: int | None, limit: int) -> dict[str, Any]:
    """Return a page of the people whom a reporter made up, newest first. Two SQL statements."""
    refuse_outside()
    rows = reporter.made_up_people.order_by("-id")
    found = list((rows.filter(id__lt=after) if after else rows)[: limit + 1])
    shown = found[:limit]
    names = dict(User.objects.filter(subject__in=[one.subject for one in shown]).values_list("subject", "display_name"))
    return {
        "data": [seen(one, names.get(one.subject, "")) for one in shown],
        "next": str(shown[-1].id) if len(found) > limit else None,
    }


def seen(one: MadeUpPerson, name: str) -> dict[str, Any]:
    return {"subject": one.subject, "name": name, "address": one.address, "made_at": one.made_at.isoformat()}


def mails_to(reporter: Reporter, subject: str) -> list[dict[str, Any]]:
    """Return the newest mails to a person whom this reporter made up. Raises NotFound. Three SQL statements."""
    made_up(reporter, subject)
    address = reporter.made_up_people.values_list("address", flat=True).get(subject=subject)
    mails = SandboxMail.objects.filter(address=address).order_by("-id")[:MAILS_SHOWN]
    return [{"subject_line": one.subject, "text": one.text, "sent_at": one.sent_at.isoformat()} for one in mails]


def own_request(reporter: Reporter, person: User, request_id: str) -> ApprovalRequest:
    """Return the person's request by its public id, if it is about a service of this reporter. Raises NotFound."""
    key = parse_public_id(request_id)
    found = request_for_reporter(reporter, *key) if key else None
    if found is None or found.person_id not in person.keys:
        raise NotFound("There is no such request, or it is not this person's.")
    return found


def own_request_of(reporter: Reporter, person: User, decision_id: UUID) -> ApprovalRequest:
    """Return the request that this decision of the person answered, in the same way. Raises NotFound."""
    decision = person.decisions.filter(id=decision_id).first()
    found = request_for_reporter(reporter, decision.person_id, decision.request_id) if decision else None
    if found is None:
        raise NotFound("There is no such decision, or it is not this person's.")
    return found


def cases_of(recall: Recall) -> list[str]:
    """Return the public ids of a recall's cases. One SQL statement."""
    cases = RecallCase.objects.filter(whose_id=recall.person_id, recall_id=recall.id)
    return [public_case_id(one) for one in cases.order_by("pk")]


def log_in_link(person: User) -> str:
    """Return the address at which a browser can become this person, for ``LINK_LASTS``."""
    token = signing.dumps(person.pk, salt=LOG_IN)
    return settings.SITE_ADDRESS + reverse("sandbox_log_in", args=[token])


def person_of(token: str) -> User | None:
    """Return the person of a link; None if it is not one, is too old, or leads to somebody who was not made up."""
    try:
        pk = signing.loads(token, salt=LOG_IN, max_age=LINK_LASTS)
    except signing.BadSignature:
        return None
    person = User.objects.filter(pk=pk, is_staff=False, is_active=True).first()
    return person if person and MadeUpPerson.objects.filter(subject=person.subject).exists() else None
