"""The key to the person who owns a row. Fetched from the person come the rows of all accounts of that person.

For a person who is seen through another's eyes (``User.viewpoint``) these are the rows that the other may see.
"""

from typing import Any

from django.db import models
from django.db.models.fields.related_descriptors import (
    ReverseManyToOneDescriptor,
    create_reverse_many_to_one_manager,
)
from django.utils.functional import cached_property

from privacycenter.database.compiled_queries import Given, IsAmong


def keys_of(person: Any) -> list[int]:
    """Return the keys of all accounts of a person, or of the one account whose key is given."""
    return [person] if isinstance(person, int) else person.keys


def owned_by(person: Any, name: str = "person") -> dict[str, Any]:
    """Return the condition for rows that belong to a person, by any of their accounts. ``name``: of the key.

    One key is compared, not looked for in a list: it may be a placeholder (``PersonQuery``).
    """
    keys = keys_of(person)
    return {f"{name}_id__in": keys} if len(keys) > 1 else {f"{name}_id__exact": keys[0]}


def of_same_person(person: Any = None) -> dict[str, Any]:
    """Return the condition for rows of a subquery that belong to the person of the outer query's row.

    ``person``: whose rows the outer query is about, if it is about one person's; a ``Given`` for several people. The
    key is then also written into the subquery: where tables are spread by person (``manage.py distribute``), one in the
    select list or below OR is otherwise asked of every part (docs/decisions/0058).
    """
    same = {"person_id": models.OuterRef("person_id")}
    if isinstance(person, Given):
        return {**same, "person_id__among": person}
    return same if person is None else {**same, **owned_by(person)}


class RowsOfPerson(ReverseManyToOneDescriptor):  # type: ignore[type-arg]
    """``person.disclosures`` and its like. New rows made by it belong to the account that it was taken from."""

    @cached_property
    def related_manager_cls(self) -> type[Any]:
        related = self.rel.related_model._default_manager.__class__
        return manager_of_all_accounts(create_reverse_many_to_one_manager(related, self.rel))


def manager_of_all_accounts(of_one: type[Any]) -> type[Any]:
    class RowsOfAllAccounts(of_one):
        def __init__(self, instance: Any) -> None:
            super().__init__(instance)
            self.core_filters = owned_by(instance, self.field.name)

        def _apply_rel_filters(self, queryset: Any) -> Any:
            found = super()._apply_rel_filters(queryset)
            # Whoever represents the person sees what their viewpoint leaves; for the person the SQL stays as it was.
            return self.instance.viewpoint.narrow(found) if self.instance.viewpoint else found

    return RowsOfAllAccounts


class OwnerKey(models.ForeignKey[Any, Any]):
    """In migrations it is an ordinary foreign key: the difference is in reading alone."""

    related_accessor_class = RowsOfPerson

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.ForeignKey", args, kwargs


@OwnerKey.register_lookup
class Among(models.Lookup[Any]):
    """Whether the person is one of those of a ``Given``: ``IsAmong`` as a lookup."""

    lookup_name = "among"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return compiler.compile(IsAmong(self.lhs, self.rhs))
