"""Visits of a person to their own record: since when something is new to them."""

from datetime import datetime, timedelta

from django.utils import timezone

from disclosures.record.actions import begin_visit
from privacycenter.http.requests import PersonRequest

# Session keys: when this visit began, and when the previous one began.
BEGAN, BEFORE = "visit_began", "visit_before"
# A session can last for weeks on a phone; after this long, coming back is a new visit.
LONGEST_VISIT = timedelta(hours=12)


def new_since(request: PersonRequest) -> datetime | None:
    """Return when the previous visit began, None if this is the first. The same for the whole visit.

    Writes once per visit, on its first page. A look by a representative is no visit of the person.
    """
    if request.user.viewpoint:
        return None
    began = read_moment(request.session.get(BEGAN))
    if began is None or timezone.now() - began > LONGEST_VISIT:
        before = begin_visit(by=request.user)
        request.session[BEGAN] = timezone.now().isoformat()
        request.session[BEFORE] = before.isoformat() if before else ""
    return read_moment(request.session.get(BEFORE))


def read_moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
