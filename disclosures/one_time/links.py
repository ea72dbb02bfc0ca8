"""The links of pages that open once. Who has one still needs the code."""

from uuid import UUID

from django.core import signing

SALT = "disclosures.one_time"


def token_of(page: UUID) -> str:
    return signing.Signer(salt=SALT).sign(page.hex)


def page_in(token: str) -> UUID | None:
    """Return the page's id; None for a token that we did not give."""
    try:
        return UUID(hex=signing.Signer(salt=SALT).unsign(token))
    except (signing.BadSignature, ValueError):
        return None
