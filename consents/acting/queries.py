"""Who made a row for a person."""

from collections.abc import Collection
from uuid import UUID

from privacycenter.models import RowKind, User


def acted_for(person: User, kind: RowKind, ids: Collection[UUID]) -> dict[UUID, str]:
    """Return row → the name of who made it for this person, for those that a representative made.

    One SQL statement, and one more if there is such a row.
    """
    rows = dict(person.acts_for.filter(kind=kind, row_id__in=ids).values_list("row_id", "representative_id"))
    names = {one.pk: str(one) for one in User.objects.filter(pk__in=set(rows.values()))} if rows else {}
    return {row: names.get(representative, "") for row, representative in rows.items()}
