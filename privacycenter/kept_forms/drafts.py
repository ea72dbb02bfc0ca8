"""Whose drafts there are, and what they hold. Never writes."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from privacycenter.kept_forms.actions import Typed, read_typed
from privacycenter.kept_forms.draft_actions import DRAFT_FOR, DRAFT_PURPOSE, UNDO_FOR
from privacycenter.models import Draft


def live_drafts(account: Any) -> QuerySet[Draft]:
    """Return the drafts of an account that are neither saved nor thrown away, newest first."""
    since = timezone.now() - DRAFT_FOR
    return Draft.objects.filter(account=account.pk, ended_at=None, kept_at__gt=since).order_by("-kept_at")


def thrown_away(account: Any) -> QuerySet[Draft]:
    """Return the drafts of an account that can still be brought back, newest first."""
    since = timezone.now() - UNDO_FOR
    return Draft.objects.filter(account=account.pk, ended_at__gt=since).exclude(sealed="").order_by("-ended_at")


def drafts_of_form(account: Any, form: str) -> list[Draft]:
    """Return both sorts for one form, the live ones first. One SQL statement."""
    found: dict[bool, list[Draft]] = defaultdict(list)
    rows = Draft.objects.filter(account=account.pk, form=form).exclude(sealed="").order_by("-kept_at")
    now = timezone.now()
    for row in rows:
        if row.kept_at > now - DRAFT_FOR if row.ended_at is None else row.ended_at > now - UNDO_FOR:
            found[row.ended_at is None].append(row)
    return [*found[True], *found[False]]


def live_draft(number: str, account: Any) -> Draft | None:
    """Return a draft of this account; None for any other number. At most one SQL statement."""
    id = as_id(number)
    return live_drafts(account).filter(pk=id).first() if id else None


def typed_in_draft(draft: Draft) -> Typed | None:
    """Return what the draft holds; None if no key that is there opens it."""
    return read_typed(draft.sealed, purpose=DRAFT_PURPOSE)


def readable(drafts: Iterable[Draft]) -> list[tuple[Draft, Typed]]:
    """Return the drafts that can be opened, each with what it holds."""
    return [(draft, typed) for draft in drafts if (typed := typed_in_draft(draft))]


def as_id(number: str) -> UUID | None:
    try:
        return UUID(number)
    except ValueError:
        return None
