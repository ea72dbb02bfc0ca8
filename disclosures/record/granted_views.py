"""Pages of the desk about one person, for whoever gave a reason to look them up within the last half hour.

The look-up says what it is about, and opens only the parts of the record that this needs.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from disclosures.models import LookScope
from disclosures.record.guarded_views import Found, Look
from disclosures.record.scopes import Part, Scope
from privacycenter.models import User

# Session key: whose pages this member of staff may open, until when, why, and what the look-up is about.
GRANTS = "record_grants"
GRANT_LASTS = timedelta(minutes=30)


@dataclass(frozen=True)
class Granted:
    """A person, the reason given for looking them up, and what the look-up is about."""

    person: User
    reason: str
    scope: Scope

    @property
    def parts(self) -> list[Part]:
        """The parts of the record that it opens, in order."""
        return [part for part in Part if self.scope.covers(part)]


def grant(request: HttpRequest, person: User, reason: str, scope: Scope) -> None:
    """Open parts of a person's record. A new look-up of the same person takes the place of the one before."""
    until = (timezone.now() + GRANT_LASTS).timestamp()
    given = [until, reason, scope.kind.value, scope.of]
    request.session[GRANTS] = {**request.session.get(GRANTS, {}), str(person.pk): given}


def granted(request: HttpRequest, pk: int, what: str, part: Part | None = None) -> Found:
    """Return the person and the look at this page. Without a reason that covers this part of the record, lead to where
    one is asked for. ``part`` None: any reason does.
    """
    until, reason, kind, of = (*request.session.get(GRANTS, {}).get(str(pk), (0, "")), "", "")[:4]
    person = User.objects.filter(pk=pk).first() if timezone.now().timestamp() < until else None
    # A look-up from before they had a scope has ended.
    if person is None or kind not in LookScope.values:
        return redirect("admin:records")
    scope = Scope(LookScope(kind), of)
    if part and not scope.covers(part):
        messages.warning(request, _("What you gave as the reason does not need this page. Look the person up anew."))
        return redirect("admin:records")
    return Granted(person, reason, scope), Look(person, what, reason, scope=scope)
