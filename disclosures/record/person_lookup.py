"""Looking up a person by what somebody at the desk was told."""

from privacycenter.models import User


def person_called(name: str) -> User | None:
    """Return the only person with exactly this subject, or else this user name, or else this e-mail address.

    In this order, so that nobody can hide another's record by using their name.
    """
    name = name.strip()
    for way in ({"subject": name}, {"username": name}, {"email__iexact": name}):
        found = User.objects.filter(**way)[:2]
        if found:
            return found[0] if len(found) == 1 else None
    return None
