"""Finding person-owned rows by their keys, each of which is a person with an id."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

Key = tuple[int, UUID]


def of_keys(rows: Any, keys: Collection[Key], id_name: str = "id", person_name: str = "person_id") -> list[Any]:
    """Return the rows with exactly these keys. The statement finds more, because two people may have the same id."""
    wanted = set(keys)
    people, ids = {person for person, _id in keys}, {id for _person, id in keys}
    found = rows.filter(**{f"{person_name}__in": people, f"{id_name}__in": ids})
    return [row for row in found if (getattr(row, person_name), getattr(row, id_name)) in wanted]
