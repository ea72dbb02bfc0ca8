"""Actions on a person's own view of the record (hidden recipients, visits), and the log of accesses by the desk."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from disclosures.models import HiddenRecipient, Lookup, Recipient, RecordAccess
from disclosures.record.scopes import Scope
from privacycenter.identifiers import uuid7
from privacycenter.models import User


@transaction.atomic
def hide_recipient(*, recipient: Recipient, by: User) -> None:
    """Hide a recipient from the person's overview. Nothing happens if it is hidden already."""
    User.objects.lock(by.pk)
    if not by.hidden_recipients.filter(recipient=recipient).exists():
        HiddenRecipient.objects.create(person=by, id=uuid7(), recipient=recipient, hidden_at=timezone.now())


@transaction.atomic
def show_recipient(*, recipient: Recipient, by: User) -> None:
    """Undo ``hide_recipient``. Nothing happens if it is not hidden."""
    by.hidden_recipients.filter(recipient=recipient).delete()


def log_access(
    *,
    person: User,
    what: str,
    reason: str = "",
    about_id: UUID | None = None,
    scope: Scope | None = None,
    role: str = "",
    by: User,
) -> RecordAccess:
    """Log that a page of a person's record was opened. ``scope``: of the look-up by which it could be.

    ``role``: that at the desk if empty; ``REPRESENTATIVE`` of who acts for the person.

    ``what`` is the page's name. The reason is either ``reason``, in the words of whoever opened the page, or
    ``about_id``, the person's row that the page is about. Neither is interface text, because readers may use another
    language. Who opens the record of a person with several accounts looks at all of them: it is written under each, so
    that its owner reads it also if they turn out to be another's.
    """
    row: dict[str, Any] = {
        "id": uuid7(), "staff_id": by.pk, "role": role or role_of(by), "what": what, "reason": reason[:500],
        "about_id": about_id, "scope": scope.kind if scope else "", "scope_of": scope.of if scope else "",
        "accessed_at": timezone.now(),
    }  # fmt: skip
    own, *_others = [RecordAccess.objects.create(person_id=account, **row) for account in person.keys]
    return own


@transaction.atomic
def log_lookup(
    *,
    people: Sequence[User],
    what: str,
    reason: str,
    scope: Scope | None = None,
    by: User,
    is_found: bool | None = None,
) -> Lookup:
    """Log that somebody at the desk was looked for, whether or not they are known; ``people`` are those found.

    ``is_found``: whether people were found that were told already; None: those of ``people``.
    """
    for person in people:
        log_access(person=person, what=what, reason=reason, scope=scope, by=by)
    return Lookup.objects.create(
        id=uuid7(), staff_id=by.pk, role=role_of(by), reason=reason[:500],
        is_found=bool(people) if is_found is None else is_found,
        looked_up_at=timezone.now(),
    )  # fmt: skip


def role_of(user: User) -> str:
    """Return the user's role at the desk, as stored in the log: the names of their groups, or administrator."""
    if user.is_superuser:
        return "administrator"
    return ", ".join(user.groups.order_by("name").values_list("name", flat=True))[:60] or "staff"


def begin_visit(*, by: User) -> datetime | None:
    """Record that a visit begins now. Returns when the previous visit began, None for the first. One SQL statement.

    ``by`` was read for this request. Of two visits that begin at once, both follow the same previous one.
    """
    before, by.visited_at = by.visited_at, timezone.now()
    by.save(update_fields=["visited_at"])
    return before
