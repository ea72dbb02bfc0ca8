"""The log-ins elsewhere that this site offers: the company's for people, and that of staff."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

COMPANY, STAFF = "company", "staff"


@dataclass(frozen=True)
class WayElsewhere:
    """``address`` takes a form without fields."""

    code: str
    label: str
    address: str


def ways_elsewhere(wanted: str, *, is_fresh: bool = False) -> list[WayElsewhere]:
    """Return those that are set up. ``wanted``: where they lead afterwards, empty for the usual page."""
    labels = {COMPANY: _("Log in with your company account"), STAFF: _("Log in as staff")}
    query = {**({REDIRECT_FIELD_NAME: wanted} if wanted else {}), **({"fresh": "1"} if is_fresh else {})}
    more = f"?{urlencode(query)}" if query else ""
    return [
        WayElsewhere(code, label, reverse("log_in_elsewhere", args=[code]) + more)
        for code, label in labels.items()
        if code in settings.LOG_INS_ELSEWHERE
    ]
