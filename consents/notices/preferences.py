"""People's preferences for notices. Never writes."""

from django.db.models import OuterRef, Subquery

from consents.models import Frequency, Preference
from consents.models.notices import default_preference
from privacycenter.models import User


def preference_of(person: User) -> Preference:
    """Return the person's latest choice, or the default. One SQL statement."""
    return person.preferences.newest_first().first() or default_preference()


def frequencies_of(people: set[int]) -> dict[int, Frequency]:
    """Return the frequency of each of these people that has an address. Two SQL statements."""
    reachable = set(
        User.objects.filter(pk__in=people, is_active=True).exclude(email="").values_list("pk", flat=True)
    )  # fmt: skip
    newest = Preference.objects.filter(person_id=OuterRef("person_id")).newest_first().values("id")[:1]
    chosen = Preference.objects.filter(person_id__in=reachable, id=Subquery(newest))
    found = {person: Frequency(frequency) for person, frequency in chosen.values_list("person_id", "frequency")}
    return {person: found.get(person, Frequency(default_preference().frequency)) for person in reachable}
