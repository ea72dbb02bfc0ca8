"""Changes of the working copy as the desk makes them, so that they go into change sets."""

from django.db import transaction

from disclosures.change_sets.attributing_actions import current_set
from disclosures.content.entries import field_name, row_of
from disclosures.content.parts import own, touched_by_deleting, touched_by_saving
from disclosures.content.publications import newest_publication
from disclosures.models import ChangeSet
from disclosures.writing.actions import lock_working_copy, written_down

BOOKING = ("scenarios", "online-booking")
TEXTS = ("title", "body", "question", "answer", "description", "business")


@transaction.atomic
def change(by, code="online-booking", kind="scenarios", language="ja", **fields) -> ChangeSet:
    """Save fields of an entry; return the editor's current set."""
    lock_working_copy()
    row = row_of(kind, code)
    with written_down(touched_by_saving(row), by=by):
        for name, value in fields.items():
            setattr(row, field_name(name, language) if name in TEXTS else name, value)
        row.save()
    return current_set(by)


@transaction.atomic
def relate(by, kind, code, name, *rows) -> ChangeSet:
    """Add rows to a list of an entry."""
    lock_working_copy()
    with written_down({kind: {code}}, by=by):
        getattr(row_of(kind, code), name).add(*rows)
    return current_set(by)


@transaction.atomic
def add(by, row) -> ChangeSet:
    """Save a new row."""
    lock_working_copy()
    with written_down(own([row]), by=by):
        row.save()
    return current_set(by)


@transaction.atomic
def delete(by, kind, code) -> ChangeSet:
    lock_working_copy()
    row = row_of(kind, code)
    with written_down(touched_by_deleting([row]), by=by):
        row.delete()
    return current_set(by)


def public(code="online-booking", field="title", kind="scenarios", language="ja"):
    """What visitors see of an entry."""
    value = newest_publication().document[kind][code][field]
    return value.get("source", value).get(language) if isinstance(value, dict) else value


def saved(code="online-booking", field="title", kind="scenarios", language="ja"):
    """What the working copy has."""
    return row_of(kind, code).texts(field).get(language)
