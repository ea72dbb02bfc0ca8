"""Keeping what is being written as a draft, throwing it away and bringing it back, ending it when it is saved."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from privacycenter.encryption import seal
from privacycenter.errors import BodyTooLarge, NoLongerOpen, NotFound, TooManyAtOnce
from privacycenter.kept_forms.actions import LARGEST_BYTES, Typed
from privacycenter.models import Draft, User
from privacycenter.rate_limits.limits import Counted, RateLimit, spend

DRAFT_FOR = timedelta(days=30)
# How long one that was thrown away can be brought back.
UNDO_FOR = timedelta(days=7)
MOST_DRAFTS = 50
DRAFT_PURPOSE = "draft"
# A page keeps what changed every few seconds; several may be open.
KEEPING_DRAFTS = RateLimit("draft", 240, seconds=60)


@dataclass(frozen=True)
class Kept:
    """A draft as it was kept. ``is_apart``: another window keeps the one that was meant, so this is one of its own."""

    id: UUID
    version: int
    kept_at: datetime
    is_apart: bool = False


@transaction.atomic
def keep_draft(*, id: UUID, version: int, form: str, typed: Typed, by: User) -> Kept:
    """Keep what a form holds now. ``version``: that of the draft which the page knows, 0 before it kept one.

    Nothing that another window kept is overwritten. Raises BodyTooLarge, TooManyCalls, TooManyAtOnce, and NoLongerOpen
    if the page's form was saved already. Three SQL statements while one window writes.
    """
    text = json.dumps(asdict(typed), ensure_ascii=False)
    if len(text.encode(errors="replace")) > LARGEST_BYTES:
        raise BodyTooLarge(f"At most {LARGEST_BYTES} bytes are kept.")
    spend(KEEPING_DRAFTS, Counted("person", str(by.pk)))
    sealed, now = seal(text, purpose=DRAFT_PURPOSE), timezone.now()
    same = Draft.objects.filter(pk=id, account=by.pk, form=form, version=version, ended_at=None)
    if same.update(sealed=sealed, kept_at=now, version=F("version") + 1):
        return Kept(id, version + 1, now)
    User.objects.lock(by.pk)
    other = Draft.objects.filter(pk=id).first()
    if other and other.account == by.pk and not other.sealed:
        raise NoLongerOpen("This form was saved meanwhile.")
    if Draft.objects.filter(account=by.pk, ended_at=None).count() >= MOST_DRAFTS:
        raise TooManyAtOnce(f"There are {MOST_DRAFTS} drafts already.")
    made = Draft.objects.create(
        id=uuid4() if other else id, account=by.pk, form=form, sealed=sealed, version=1, kept_at=now
    )
    return Kept(made.pk, 1, now, is_apart=other is not None)


@transaction.atomic
def end_draft(*, id: UUID, by: User) -> None:
    """Forget the draft of a form that is saved, also what comes late for it. Two SQL statements at most."""
    now = timezone.now()
    if not Draft.objects.filter(pk=id, account=by.pk).update(sealed="", ended_at=now):
        ended = Draft(id=id, account=by.pk, form="", sealed="", version=0, kept_at=now, ended_at=now)
        Draft.objects.bulk_create([ended], ignore_conflicts=True)


@transaction.atomic
def throw_draft_away(*, id: UUID, by: User) -> None:
    """Put a draft aside; it can be brought back for ``UNDO_FOR``. Raises NotFound. One SQL statement."""
    if not Draft.objects.filter(pk=id, account=by.pk, ended_at=None).update(ended_at=timezone.now()):
        raise NotFound("There is no such draft.")


@transaction.atomic
def bring_draft_back(*, id: UUID, by: User) -> None:
    """Have a draft again that was thrown away. Raises NotFound. One SQL statement."""
    now = timezone.now()
    there = Draft.objects.filter(pk=id, account=by.pk, ended_at__gt=now - UNDO_FOR).exclude(sealed="")
    # Its days begin anew, or one that was brought back on its last day would be gone.
    if not there.update(ended_at=None, kept_at=now):
        raise NotFound("There is no such draft any more.")
