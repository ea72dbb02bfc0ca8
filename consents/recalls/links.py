"""The link by which a recipient answers without an account: who has it may report steps of this one case."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from privacycenter.text.languages import speaking

SALT = "consents.recalls.link"
# Seconds. Longer than the recipient has to answer: what was kept at first may be deleted later.
GOOD_FOR = 180 * 24 * 60 * 60


def token_of(mail: int) -> str:
    """Return the token for a ``RecallMail``."""
    return signing.dumps(mail, salt=SALT)


def mail_in(token: str) -> int | None:
    """Return the key of the ``RecallMail``; None for a token that we did not give, or whose time is over."""
    try:
        return int(signing.loads(token, salt=SALT, max_age=GOOD_FOR))
    except (signing.BadSignature, TypeError, ValueError):
        return None


def address_of(mail: int, language: str) -> str:
    with speaking(language):
        return settings.SITE_ADDRESS + reverse("recall_answer", args=[token_of(mail)])
