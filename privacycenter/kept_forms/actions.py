"""Keeping what was typed, encrypted, for the account or the browser it came from."""

import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from privacycenter.encryption import CannotOpenError, seal, unseal
from privacycenter.errors import BodyTooLarge
from privacycenter.models import KeptForm, User
from privacycenter.rate_limits.limits import Counted, RateLimit, spend

KEPT_FOR = timedelta(hours=24)
LARGEST_BYTES = 1024 * 1024
PURPOSE = "kept-form"
# For an account, or a browser in which somebody logged in before.
KEEPING = RateLimit("kept-form", 60, seconds=60 * 60)


@dataclass(frozen=True)
class Typed:
    """What a form held. ``page``: the address that shows it; ``address``: the path it was sent to.

    ``fields``: names and values in the order in which they were sent. ``had_files``: files came with it; they are not
    kept.
    """

    page: str
    address: str
    fields: tuple[tuple[str, str], ...]
    had_files: bool = False

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.fields if key == name]


@transaction.atomic
def keep_form(*, typed: Typed, account: int | None, browser: str = "") -> str:
    """Keep the form and return its token, which works for ``KEPT_FOR``.

    ``account`` or, if that is None, ``browser``: whose it is. Raises BodyTooLarge and TooManyCalls. Two SQL statements.
    """
    text = json.dumps(asdict(typed), ensure_ascii=False)
    if len(text.encode(errors="replace")) > LARGEST_BYTES:
        raise BodyTooLarge(f"At most {LARGEST_BYTES} bytes are kept.")
    spend(KEEPING, Counted("device", browser) if account is None else Counted("person", str(account)))
    row = KeptForm.objects.create(
        account=account,
        browser=hash_of(browser) if account is None else "",
        sealed=seal(text, purpose=PURPOSE),
        kept_at=timezone.now(),
    )
    return signing.dumps(str(row.id), salt=PURPOSE)


def open_form(*, token: str, browser: str, by: User) -> Typed | None:
    """Return what was typed, and have the form be this account's if it was nobody's. At most two SQL statements.

    None for a form of somebody else or of another browser, one that is not there any more, and any other token.
    """
    row = row_of(token)
    if row is None or not is_for(row, browser, by):
        return None
    nobodys = KeptForm.objects.filter(pk=row.pk, account=None)
    if row.account is None and not nobodys.update(account=by.pk, browser=""):
        return None
    return typed_in(row)


def forget_form(*, token: str, by: User) -> None:
    """Delete a kept form of this account. Two SQL statements at most, none for a token that is not ours."""
    row = row_of(token)
    if row is not None and row.account == by.pk:
        row.delete()


def row_of(token: str) -> KeptForm | None:
    try:
        id = UUID(signing.loads(token, salt=PURPOSE, max_age=KEPT_FOR))
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return KeptForm.objects.filter(pk=id, kept_at__gt=timezone.now() - KEPT_FOR).first()


def is_for(row: KeptForm, browser: str, account: User) -> bool:
    if row.account is not None:
        return row.account == account.pk
    return bool(browser) and constant_time_compare(row.browser, hash_of(browser))


def typed_in(row: KeptForm) -> Typed | None:
    """Return what the row holds; None if no key that is there opens it."""
    return read_typed(row.sealed, purpose=PURPOSE)


def read_typed(sealed: str, *, purpose: str) -> Typed | None:
    """Return what was encrypted; None if no key that is there opens it."""
    try:
        found = json.loads(unseal(sealed, purpose=purpose))
    except CannotOpenError:
        return None
    return Typed(**{**found, "fields": tuple((name, value) for name, value in found["fields"])})


def hash_of(browser: str) -> str:
    return salted_hmac(PURPOSE, browser, algorithm="sha256").hexdigest()
