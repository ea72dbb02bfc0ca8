"""Which accounts are one person: linked, and taken apart again, without moving a row."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from disclosures.models.ledger.events import person_key
from privacycenter.models import AppendOnlyQuerySet, Sealed


class SharedRecordQuerySet(AppendOnlyQuerySet["SharedRecord"]):
    def newest_first(self) -> "SharedRecordQuerySet":
        return self.order_by("-made_at", "-id")


class SharedRecord(Sealed):
    """One row is which accounts are one person from ``made_at`` on, until the next row of this account.

    The same is written under each of the accounts, so that a question that starts from any of them finds it.
    ``accounts`` lists them as [key, since]: first the account that the others were put into, with None, then these, in
    the order in which they were put there, with the time as ISO 8601. Empty: the account is a person's only one again.
    """

    SEALED = {1: ("person", "id", "accounts", "made_at")}

    pk = models.CompositePrimaryKey("person_id", "id")
    person = person_key("shared_records")
    id = models.UUIDField(editable=False)
    accounts = models.JSONField(default=list)
    made_at = models.DateTimeField()

    objects = SharedRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("accounts of one person")
        verbose_name_plural = _("accounts of people")


Account = tuple[int, datetime | None]


def accounts_in(listed: Any) -> list[Account]:
    """Return what ``SharedRecord.accounts`` lists: each key, and since when it belongs to the others."""
    return [(key, datetime.fromisoformat(since) if since else None) for key, since in listed]
