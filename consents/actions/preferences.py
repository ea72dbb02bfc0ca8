"""Choosing how to be told. Each choice is a new row; the newest counts."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from consents.models import Frequency, Preference
from consents.queries.preferences import preference_of
from privacycenter.errors import InvalidValue
from privacycenter.identifiers import uuid7
from privacycenter.models import User


@transaction.atomic
def choose_preference(
    *, frequency: str | None = None, language: str | None = None, is_by_link: bool = False, by: User
) -> Preference:
    """What is not given stays as it was. A choice that changes nothing writes nothing. Raises InvalidValue."""
    User.objects.lock(by.pk)
    now_chosen = preference_of(by)
    frequency, language = frequency or now_chosen.frequency, language or now_chosen.language
    if frequency not in Frequency.values:
        raise InvalidValue("There is no such frequency.", "frequency")
    if language not in dict(settings.LANGUAGES):
        raise InvalidValue("The site does not speak that language.", "language")
    if (frequency, language) == (now_chosen.frequency, now_chosen.language):
        return now_chosen
    return Preference.objects.create(
        person=by, id=uuid7(), frequency=frequency, language=language, is_by_link=is_by_link, chosen_at=timezone.now()
    )
