"""The signed link that ends all e-mail to a person without logging in. It can do nothing else."""

from django.core import signing

from privacycenter.models import User

SALT = "unsubscribe"


def unsubscribe_token(person: User) -> str:
    """Return a token that names the person. Valid as long as the site's ``SECRET_KEY``."""
    return signing.dumps(person.pk, salt=SALT)


def person_of_token(token: str) -> User | None:
    """Return the person, or None for a token that is not valid or whose person is gone.

    For an account that was put into another it is that one, which gets the mails since then.
    """
    try:
        person = User.objects.select_related("merged_into").filter(pk=signing.loads(token, salt=SALT)).first()
    except signing.BadSignature:
        return None
    return person and (person.merged_into or person)
