"""Pages of the desk about one person, for whoever gave a reason to look them up within the last half hour."""

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils import timezone

from disclosures.record.guarded_views import Found, Look
from privacycenter.models import User

# Session key: whose pages this member of staff may open, until when, and why.
GRANTS = "record_grants"
GRANT_LASTS = timedelta(minutes=30)


@dataclass(frozen=True)
class Granted:
    """A person, and the reason given for looking them up."""

    person: User
    reason: str


def grant(request: HttpRequest, person: User, reason: str) -> None:
    until = (timezone.now() + GRANT_LASTS).timestamp()
    request.session[GRANTS] = {**request.session.get(GRANTS, {}), str(person.pk): [until, reason]}


def granted(request: HttpRequest, pk: int, what: str) -> Found:
    """Return the person and the look at this page. Without a reason, lead to where it is asked for."""
    until, reason = request.session.get(GRANTS, {}).get(str(pk), (0, ""))
    person = User.objects.filter(pk=pk).first() if timezone.now().timestamp() < until else None
    if person is None:
        return redirect("admin:records")
    return Granted(person, reason), Look(person, what, reason)
