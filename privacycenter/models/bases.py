"""Abstract bases that refuse in Python what the database's triggers refuse too (``database.triggers``)."""

from typing import Any, NoReturn, TypeVar

from django.db import models


class AppendOnlyError(Exception):
    """Code tried to change or delete a row of an append-only table. Nothing was written."""


def refuse(model: type[models.Model], verb: str) -> NoReturn:
    raise AppendOnlyError(f"{model.__name__} cannot be {verb}: add a new row that says what is true now")


Row = TypeVar("Row", bound=models.Model, covariant=True)


class NeverDeletedQuerySet(models.QuerySet[Row]):
    def delete(self) -> NoReturn:
        refuse(self.model, "deleted")


class AppendOnlyQuerySet(NeverDeletedQuerySet[Row]):
    def update(self, **kwargs: Any) -> NoReturn:
        refuse(self.model, "changed")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        refuse(self.model, "changed")


class NeverDeleted(models.Model):
    """Rows that the ledger may refer to. They are retired, never deleted; the database refuses DELETE."""

    objects = NeverDeletedQuerySet.as_manager()

    class Meta:
        abstract = True

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        refuse(type(self), "deleted")


class AppendOnly(NeverDeleted):
    """Rows that are written once. The database refuses UPDATE and DELETE."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            refuse(type(self), "changed")
        super().save(*args, **{**kwargs, "force_insert": True})
