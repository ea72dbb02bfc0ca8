"""What a session's end means for a request: used sessions go on, and who is led to log in again is told why."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from privacycenter.accounts.sessions import Ended, SessionStore, ends_of
from privacycenter.http.middleware import Handler


def sessions_that_end(get_response: Handler) -> Handler:
    """Renew a session that the view read, and say why a log-in ended. Nothing for requests that read no session."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        session = request.session
        if isinstance(session, SessionStore) and session.accessed:
            if session.ended and leads_to_log_in(response) and request.method in ("GET", "HEAD"):
                messages.warning(request, words_of(session.ended, is_staff=session.was_staff))
            elif response.status_code < 500:
                session.renew()
        return response

    return middleware


def leads_to_log_in(response: HttpResponse) -> bool:
    """Whether the answer sends the browser to log in, and so back here afterwards (``next``)."""
    entrances = (reverse("account_login"), reverse("admin:login"))
    return response.status_code == 302 and response.headers["Location"].startswith(entrances)


def words_of(ended: Ended, *, is_staff: bool) -> str:
    ends = ends_of(is_staff=is_staff)
    if ended is Ended.GONE:
        return _("You are no longer logged in here. Log in, and you come back to where you were.")
    if ended is Ended.TOO_OLD:
        return _("Your log-in has ended: it lasts at most %(time)s. Log in, and you come back to where you were.") % {
            "time": in_words(ends.longest.total_seconds())
        }
    return _("Your log-in has ended: it was not used for %(time)s. Log in, and you come back to where you were.") % {
        "time": in_words(ends.idle.total_seconds())
    }


def in_words(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 60:
        return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    hours = round(minutes / 60)
    if hours < 24:
        return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
    days = round(hours / 24)
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
