"""People's preferences for notices. Never writes."""

from django.db.models import OuterRef, Subquery

from consents.models import Frequency, Preference
from consents.models.notices import default_preference
from privacycenter.models import User


def preference_of(person: User) -> Preference:
    """Return the latest choice made under this account, or the default. One SQL statement."""
    return Preference.objects.filter(person=person).newest_first().first() or default_preference()


def readers_of(people: set[int]) -> dict[int, int]:
    """Return the account that is written to, for each of these people who can be reached. One SQL statement.

    What happens under an account that was put into another is told to the owner of that one.
    """
    rows = User.objects.filter(pk__in=people).select_related("merged_into")
    readers = {person.pk: person.merged_into or person for person in rows}
    return {person: reader.pk for person, reader in readers.items() if reader.is_active and reader.email}


def frequencies_of(readers: set[int]) -> dict[int, Frequency]:
    """Return how often each of these wants mails. One SQL statement."""
    newest = Preference.objects.filter(person_id=OuterRef("person_id")).newest_first().values("id")[:1]
    chosen = Preference.objects.filter(person_id__in=readers, id=Subquery(newest))
    found = {person: Frequency(frequency) for person, frequency in chosen.values_list("person_id", "frequency")}
    return {reader: found.get(reader, Frequency(default_preference().frequency)) for reader in readers}
