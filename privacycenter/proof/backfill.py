"""Rows that are not in the log yet: what was recorded before there was one."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings

from privacycenter.database.purging import walk
from privacycenter.models import LogEntry, PersonKey, RowKind, SequenceState
from privacycenter.models.log import SEQUENCE_STEP
from privacycenter.proof.topics import RecordGrew


def table_of(kind: RowKind) -> Any:
    """Return the rows of this kind. By name: this app imports neither of the others."""
    label, model = settings.LOG_TABLES[kind.code].split(".")
    return apps.get_model(label, model)._default_manager.all()


def rows_of(kind: RowKind) -> int:
    return int(table_of(kind).count())


def unsealed_batches(kind: RowKind) -> Iterator[tuple[int, RecordGrew]]:
    """Yield how many rows were looked at, and those of them that are not sealed where their person would see them.

    Three SQL statements for a thousand rows.
    """
    for keys in walk(table_of(kind)):
        sealed = sealed_keys(kind, keys)
        rest = tuple((kind.value, person, id) for person, id in keys if (person, id) not in sealed)
        yield len(keys), RecordGrew(rows=rest)


def sealed_keys(kind: RowKind, keys: Any) -> set[Any]:
    people = {person for person, _id in keys}
    alive = set(
        PersonKey.objects.filter(
            person_id__in=people, state__in=(SequenceState.CURRENT, SequenceState.KEPT_BACK)
        ).values_list("person", "id")
    )
    found = LogEntry.objects.filter(person_id__in=people, row_id__in={id for _person, id in keys}, kind=kind)
    return {
        (person, row_id)
        for person, id, row_id in found.values_list("person_id", "id", "row_id")
        if (person, id // SEQUENCE_STEP) in alive
    }
