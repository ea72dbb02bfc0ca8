"""The signed link with which a person ends all mails without logging in. It can do nothing else."""

from django.core import signing

from privacycenter.models import User

SALT = "unsubscribe"


def unsubscribe_token(person: User) -> str:
    """Good for as long as the site's key; it names the person in a way that only this site can make."""
    return signing.dumps(person.pk, salt=SALT)


def person_of_token(token: str) -> User | None:
    """None for a token that is not ours, or of somebody who is gone."""
    try:
        return User.objects.filter(pk=signing.loads(token, salt=SALT)).first()
    except signing.BadSignature:
        return None
