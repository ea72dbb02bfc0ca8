"""The guard before the desk's pages that show a person: the look is written before the page is made.

The guard fetches what the page shows and gives it to the view, so a
view that shows a person cannot run without the look: whatever the method, and whatever the answer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from disclosures.record.actions import log_access
from disclosures.record.scopes import Scope
from privacycenter.http.declared_views import SOMEBODY, View
from privacycenter.models import User


@dataclass(frozen=True)
class Look:
    """Whom a page shows, and why it is opened: in words, or by the row that the page is about.

    ``scope``: what the look-up was about that opened it, if one did. ``also``: others whom the same page shows.
    """

    person: User
    what: str
    reason: str = ""
    about_id: UUID | None = None
    scope: Scope | None = None
    also: tuple[User, ...] = ()


# What a page shows, and the look that showing it is. No look: it shows nobody who is known here. A response instead: it
# is answered, and the view does not run.
Found = tuple[Any, Look | None] | HttpResponse


def shows_person(find: Callable[..., Found]) -> Callable[[View], View]:
    """Write the look that ``find`` names, then call the view with what it found in place of the address's parts.

    ``find`` gets the request and the parts of the address; it raises Http404 for what does not exist. To be applied
    inside the check of permissions, since who may not see the page has looked at nobody.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, **parts: Any) -> HttpResponseBase:
            found = find(request, **parts)
            if isinstance(found, HttpResponse):
                return found
            page, look = found
            if look:
                for person in (look.person, *look.also):
                    log_access(
                        person=person, what=look.what, reason=look.reason, about_id=look.about_id,
                        scope=look.scope, by=cast(User, request.user),
                    )  # fmt: skip
            return view(request, page)

        guarded.shows = SOMEBODY  # type: ignore[attr-defined]
        return guarded

    return guard
