"""One visit of a person to their own record: since when is something new to them?"""

from datetime import datetime, timedelta

from django.utils import timezone

from disclosures.record.actions import begin_visit
from privacycenter.http.requests import PersonRequest

# In the session: when this visit began, and when the one before it did.
BEGAN, BEFORE = "visit_began", "visit_before"
# A session can last for weeks on a phone; coming back after so long is another visit.
LONGEST_VISIT = timedelta(hours=12)


def new_since(request: PersonRequest) -> datetime | None:
    """When the visit before this one began; None if this is the first. The same for the whole visit.

    Writes once for each visit, at its first page.
    """
    began = read_moment(request.session.get(BEGAN))
    if began is None or timezone.now() - began > LONGEST_VISIT:
        before = begin_visit(by=request.user)
        request.session[BEGAN] = timezone.now().isoformat()
        request.session[BEFORE] = before.isoformat() if before else ""
    return read_moment(request.session.get(BEFORE))


def read_moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
