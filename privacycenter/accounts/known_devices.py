"""Noticing a log-in from a browser in which the person did not log in before."""

from datetime import timedelta

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from privacycenter.accounts.topics import LOGGED_IN_ANEW, NewDevice
from privacycenter.database.bulk_insert import insert_new
from privacycenter.identifiers import uuid8_from
from privacycenter.models import KnownDevice, User
from privacycenter.outbox.leaving import leave

# How long a browser stays known after its latest log-in; as long as its cookie.
KNOWN_FOR = timedelta(days=365)
LONGEST_USER_AGENT = 200


@transaction.atomic
def note_device(*, person: User, number: str, user_agent: str) -> None:
    """Remember the browser of a log-in, and leave word of it if it is new to a person who has others.

    ``number``: what its cookie holds. The first browser of all is no news. One SQL statement for a known browser, at
    most four for a new one.
    """
    now, id = timezone.now(), uuid8_from("device", str(person.pk), number)
    if person.known_devices.filter(id=id).update(latest_at=now, user_agent=user_agent):
        return
    has_others = person.known_devices.exists()
    device = KnownDevice(person=person, id=id, user_agent=user_agent, first_at=now, latest_at=now)
    if insert_new([device]) and has_others:
        leave(LOGGED_IN_ANEW, NewDevice(person=person.pk, device=id, user_agent=user_agent, at=now))


def user_agent_of(request: HttpRequest) -> str:
    return "".join(filter(str.isprintable, request.headers.get("User-Agent", "")))[:LONGEST_USER_AGENT]
