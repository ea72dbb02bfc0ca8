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
            # For one account the SQL stays as it was.
            if len(instance.keys) > 1:
                self.core_filters = {f"{self.field.name}__in": instance.keys}

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
