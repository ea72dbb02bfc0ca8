"""Abstract bases that refuse in Python what the database's triggers refuse too (``database.triggers``)."""

from datetime import UTC, datetime
from enum import Enum
from typing import Any, ClassVar, NoReturn, TypeVar
from uuid import UUID

from django.db import models

from privacycenter.canonical import sha256_of


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


class Sealed(AppendOnly):
    """Rows with a fingerprint over all that they hold, made when they are written.

    ``seal`` is the version as one byte, then SHA-256 over the canonical JSON (RFC 8785) of the table's name and the
    columns that ``SEALED`` names for that version. A column that is added later is in a later version, so rows of
    before still verify. None in rows of version 0.1.
    """

    SEALED: ClassVar[dict[int, tuple[str, ...]]]
    seal = models.BinaryField(max_length=33, null=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            self.set_seal()
        super().save(*args, **kwargs)

    def set_seal(self) -> None:
        """Seal the row as it is. For rows that are not written by ``save``."""
        self.seal = seal_of(self, max(self.SEALED))


def seal_of(row: Sealed, version: int) -> bytes:
    sealed = row.SEALED[version]
    fields = [field for field in row._meta.concrete_fields if field.name in sealed]
    values = {field.attname: sealed_value(field, getattr(row, field.attname)) for field in fields}
    document = {"table": row._meta.db_table, "row": values}
    return bytes([version]) + bytes.fromhex(sha256_of(document))


def sealed_value(field: models.Field[Any, Any], value: Any) -> Any:
    """Return a column's value as JSON has it, the same before it is written and after it was read."""
    value = value if isinstance(field, models.JSONField) else field.to_python(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, UUID):
        return str(value)
    return bytes(value).hex() if isinstance(value, (bytes, memoryview)) else value


def broken_seal(row: Sealed) -> str:
    """Return what is wrong with a row's seal, or an empty string. A row of version 0.1 has none."""
    if row.seal is None:
        return ""
    seal = bytes(row.seal)
    if not seal or seal[0] not in row.SEALED:
        return "the fingerprint is of a version that is not known"
    if seal_of(row, seal[0]) != seal:
        return "the fingerprint is not that of the row: one of its columns was changed"
    return ""
