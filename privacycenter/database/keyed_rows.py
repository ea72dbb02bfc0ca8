"""Finding person-owned rows by their keys, each of which is a person with an id."""

import json
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, F, Func

from privacycenter.models import User

Key = tuple[int, UUID]


def of_free_people(keys: Collection[Key]) -> list[Key]:
    """Return those of these keys whose person nobody else has locked; the person is locked until the transaction ends.

    People and not their rows: rows of several people lie on several machines once tables are spread, and cannot be
    locked by one statement. One SQL statement.
    """
    free = User.objects.lock_free({person for person, _id in keys})
    return [key for key in keys if key[0] in free]


def of_keys(rows: Any, keys: Collection[Key], id_name: str = "id", person_name: str = "person_id") -> list[Any]:
    """Return the rows with exactly these keys. The statement finds more, because two people may have the same id."""
    wanted = set(keys)
    people, ids = {person for person, _id in keys}, {id for _person, id in keys}
    found = rows.filter(**{f"{person_name}__in": people, f"{id_name}__in": ids})
    return [row for row in found if (getattr(row, person_name), getattr(row, id_name)) in wanted]


class HasKeyAmong(Func):
    """Whether a row has one of exactly these keys: each person, and the id at the same place, as 32 hexadecimal digits.

    For thousands of keys of many people at once: they are one value of the statement, and each is looked up in the
    primary key. Where tables are spread, every machine is asked.
    """

    output_field = BooleanField()

    def __init__(self, people: Sequence[int], ids: Sequence[str]) -> None:
        super().__init__(F("person_id"), F("id"))
        self.people, self.ids = people, ids

    def as_postgresql(self, compiler: Any, connection: Any, **_more: Any) -> Any:
        template = (
            "(%(expressions)s) IN (SELECT unnest(string_to_array(%%s, ',')::bigint[]),"
            " unnest(string_to_array(%%s, ',')::uuid[]))"
        )
        sql, parameters = self.as_sql(compiler, connection, template=template)
        return sql, (*parameters, ",".join(map(str, self.people)), ",".join(self.ids))

    def as_sqlite(self, compiler: Any, connection: Any, **_more: Any) -> Any:
        template = "(%(expressions)s) IN (SELECT value ->> 0, value ->> 1 FROM json_each(%%s))"
        sql, parameters = self.as_sql(compiler, connection, template=template)
        return sql, (*parameters, json.dumps([*zip(self.people, self.ids, strict=True)]))
