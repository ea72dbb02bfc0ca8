"""The accounts of one person: since when they are one, and which ever were."""

from collections.abc import Collection
from datetime import datetime

from disclosures.models import SharedRecord
from disclosures.models.ledger.shared_records import Account, accounts_in
from privacycenter.models import User


def together_since(person: User) -> datetime | None:
    """Return since when this person's accounts are what they are. None for one account. At most one SQL statement."""
    if len(person.keys) == 1:
        return None
    return SharedRecord.objects.filter(person=person).newest_first().values_list("made_at", flat=True).first()


def ever_together(accounts: Collection[int]) -> dict[int, set[int]]:
    """Return for each of these accounts all that ever were one person with it, itself included. One SQL statement."""
    found = {account: {account} for account in accounts}
    rows = SharedRecord.objects.filter(person_id__in=set(accounts)).order_by()
    for account, listed in rows.values_list("person_id", "accounts"):
        found[account] |= {key for key, _since in accounts_in(listed)}
    return found


def other_accounts(person: User) -> list[User]:
    """Return the other accounts of this person. One SQL statement, none for one account."""
    others = person.keys[1:]
    return list(User.objects.filter(pk__in=others).order_by("pk")) if others else []


def together_now(accounts: Collection[int]) -> dict[int, set[int]]:
    """Return for each of these accounts the others that are one person with it now. One SQL statement."""
    found: dict[int, set[int]] = {}
    rows = SharedRecord.objects.filter(person_id__in=set(accounts)).newest_first()
    for account, listed in rows.values_list("person_id", "accounts"):
        found.setdefault(account, {key for key, _since in accounts_in(listed)} - {account})
    return found


def is_linked_since(person: User, moment: datetime) -> bool:
    """Return whether accounts were put together with this one, or taken apart, at this moment or later. One SQL
    statement.
    """
    return SharedRecord.objects.filter(person=person, made_at__gte=moment).exists()


def accounts_now(people: Collection[int]) -> list[Account]:
    """Return the accounts that are one person, of whom these are some. One SQL statement."""
    newest = SharedRecord.objects.filter(person_id__in=set(people)).newest_first().first()
    return accounts_in(newest.accounts if newest else [])
