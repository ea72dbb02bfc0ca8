"""The parts of a record about who may act for the person, and what they did."""

from collections.abc import Iterable, Iterator
from typing import Any

from consents.exports.record.keyset import Entry, in_chunks
from consents.exports.record.record import Record
from consents.models import Representation, RepresentationEnd
from privacycenter.models import RowKind, User


def representation_entries(record: Record) -> Iterator[Entry]:
    """Yield who may act, or might, for the person, with what ended it. Three SQL statements for each chunk."""
    person, made_at = record.person, record.made_at
    for chunk in in_chunks(person.representations.filter(made_at__lte=made_at), "made_at"):
        ids = [row.id for row in chunk]
        ended = person.representation_endings.filter(representation_id__in=ids, ended_at__lte=made_at)
        endings, names = {one.representation_id: one for one in ended}, names_of(chunk)
        for row in chunk:
            yield {
                **facts_of(row),
                "representative": names.get(row.representative_id, ""),
                **end_of(endings.get(row.id)),
            }


def facts_of(row: Representation) -> Entry:
    return {
        "id": str(row.id), "entered_at": row.made_at, "kind": row.kind, "scope": row.scope, "left_out": row.left_out,
        "evidence": row.evidence, "begins_at": row.begins_at, "until": row.until,
    }  # fmt: skip


def end_of(ending: Any) -> Entry:
    if ending is None:
        return {"ended_at": None, "end": None, "reason": ""}
    return {"ended_at": ending.ended_at, "end": RepresentationEnd(ending.kind).code, "reason": ending.reason}


def act_entries(record: Record) -> Iterator[Entry]:
    """Yield what representatives did for the person. Two SQL statements for each chunk."""
    for chunk in in_chunks(record.person.acts_for.filter(acted_at__lte=record.made_at), "acted_at"):
        names = names_of(chunk)
        for row in chunk:
            yield {
                "acted_at": row.acted_at,
                "representation": str(row.representation_id),
                "representative": names.get(row.representative_id, ""),
                "what": RowKind(row.kind).code,
                "about": str(row.row_id),
            }


def names_of(rows: Iterable[Any]) -> dict[int, str]:
    return {one.pk: str(one) for one in User.objects.filter(pk__in={row.representative_id for row in rows})}
