"""What the log serves: its newest checkpoint, its tiles, and the proof of one person's record."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, F, Func, Prefetch, Value
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

from privacycenter.log.entries import Row, label_of, read_entry
from privacycenter.log.note import Checkpoint, encoded, with_signatures
from privacycenter.log.opening import tlog_proof
from privacycenter.log.proving import absence, consistency, end_of_log, inclusion, tile_of, tree_of
from privacycenter.log.record import FORMAT, KEPT_SECONDS, statement_text
from privacycenter.log.tiles import Place, bundled, unbundled, width_at
from privacycenter.log.tree import HASH_BYTES, TreeReader
from privacycenter.models import (
    Cosignature,
    LogCheckpoint,
    LogEntry,
    OutboxRow,
    PersonKey,
    RemovedEntry,
    RowKind,
    SequenceState,
    User,
)
from privacycenter.models.log import SEQUENCE_STEP
from privacycenter.proof.checkpoint_actions import checkpoints, full_note, newest_checkpoint, note_of
from privacycenter.proof.keys import log_policy, log_signer, policy_text
from privacycenter.proof.sealing_actions import by_kind
from privacycenter.proof.sources import event_of, read_rows
from privacycenter.proof.store import DatabaseStore, numbered_size
from privacycenter.proof.topics import RECORD_GREW

# Of a record on one page of its proof.
ROWS_ON_PAGE = 500
# How far back a checkpoint with its quorum is looked for: witnesses answer within seconds, or are away.
LOOKED_BACK = 50
# So long after it was written a row may be on its way into the log, with its checkpoint and the witnesses.
MERGE_DELAY = timedelta(minutes=10)
LONGEST_QUEUE = 1000


# --- What is public ---------------------------------------------------------------------------------------------------


def served_checkpoint() -> LogCheckpoint | None:
    """Return the newest checkpoint that has the signatures that the policy demands. Two SQL statements."""
    newest = with_cosignatures().order_by("-size")[:LOOKED_BACK]
    return next((one for one in newest if is_witnessed(one)), None)


def with_cosignatures() -> Any:
    return checkpoints().prefetch_related(Prefetch("cosignatures", Cosignature.objects.order_by("witness")))


def is_witnessed(checkpoint: LogCheckpoint) -> bool:
    return log_policy().witnessed_at(note_of(checkpoint)) is not None


def checkpoint_of(signed: LogCheckpoint) -> Checkpoint:
    return Checkpoint(log_signer().name, signed.size, bytes(signed.root))


def tile_data(place: Place) -> bytes | None:
    """Return a tile, or a bundle of entries, as its file has it. None if the log has not signed so much. Two SQL
    statements."""
    newest = newest_checkpoint()
    size = newest.size if newest else 0
    if width_at(place.level, place.number, size) < place.width:
        return None
    store = DatabaseStore()
    if place.level is None:
        return bundled(unbundled(store.bundle(place.number))[: place.width])
    return tile_of(store, place.level, place.number)[: place.width * HASH_BYTES]


# --- One record -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SealedRow:
    """One row of a record in the log. ``event``: what its entry commits to; None if it was removed by law."""

    number: int
    place: int
    kind: RowKind | None
    row_id: Any
    salt: bytes
    event: dict[str, Any] | None


@dataclass(frozen=True)
class RecordState:
    """A record as one checkpoint has it: its key, and how many rows."""

    person: User
    checkpoint: LogCheckpoint
    key: PersonKey
    rows: int


def record_state(person: User, size: int | None = None) -> RecordState | None:
    """Return the state of a record by the newest checkpoint, or by the one of this size. None without such a one, and
    if nothing of the record is in the log. Five SQL statements.
    """
    found = served_checkpoint() if size is None else with_cosignatures().filter(size=size).first()
    if found is None or (size is not None and not is_witnessed(found)):
        return None
    key = PersonKey.objects.filter(person=person, state=SequenceState.CURRENT).first()
    return RecordState(person, found, key, last_number(key, found.size)) if key else None


def ids_in(key: PersonKey, after: int = 0) -> dict[str, int]:
    start = key.id * SEQUENCE_STEP
    return {"id__gt": start + after, "id__lt": start + SEQUENCE_STEP}


def last_number(key: PersonKey, size: int) -> int:
    """Return the number of the last row of this sequence in a log of this size. Rows of one transaction are all in or
    all out, so nothing is missing before it."""
    found = [
        model.objects.filter(person_id=key.person_id, place__lt=size, **ids_in(key))
        .order_by("-id").values_list("id", flat=True).first() or 0
        for model in (LogEntry, RemovedEntry)
    ]  # fmt: skip
    return max(found) % SEQUENCE_STEP


def sealed_rows(state: RecordState, after: int = 0, limit: int | None = None) -> list[SealedRow]:
    """Return the rows with a number above ``after``, in order. Some SQL statements for each kind of row."""
    key = state.key
    last = state.rows if limit is None else min(after + limit, state.rows)
    within = {"person_id": key.person_id, "id__gt": key.id * SEQUENCE_STEP + after,
              "id__lte": key.id * SEQUENCE_STEP + last}  # fmt: skip
    entries = list(LogEntry.objects.filter(**within))
    rows = read_rows(by_kind((RowKind(one.kind), (one.person_id, one.row_id)) for one in entries))
    cited, numbered = cited_places(key.person_id, entries), numbered_size()
    found = [
        SealedRow(
            one.number, one.place, RowKind(one.kind), one.row_id, bytes(one.salt),
            event_of(
                RowKind(one.kind), state.person.subject, row, cited.get((one.kind, one.row_id)),
                one.number if one.place < numbered else None,
            )
            if (row := rows.get((RowKind(one.kind), (one.person_id, one.row_id)))) else None,
        )
        for one in entries
    ]  # fmt: skip
    found += [SealedRow(one.number, one.place, None, None, b"", None) for one in RemovedEntry.objects.filter(**within)]
    return sorted(found, key=lambda row: row.number)


def cited_places(person: int, entries: Sequence[LogEntry]) -> dict[tuple[int, Any], int]:
    """Return where these rows were sealed while the law kept them back. One SQL statement, two if there are any."""
    kept = PersonKey.objects.filter(person_id=person, state=SequenceState.KEPT_BACK).values_list("id", flat=True)
    firsts = [sequence * SEQUENCE_STEP + 1 for sequence in kept]
    if not firsts:
        return {}
    rows = LogEntry.objects.filter(person_id=person, id__in=firsts, row_id__in=[one.row_id for one in entries])
    return {(one.kind, one.row_id): one.place for one in rows}


def proof_head(state: RecordState, seen_size: int = 0) -> dict[str, Any]:
    """Return everything of a proof but its rows. ``seen_size``: of the checkpoint that the reader saw before."""
    store, size = DatabaseStore(), state.checkpoint.size
    key = bytes(state.key.key)
    statement = statement_text(state.person.subject, key, state.rows, checkpoint_of(state.checkpoint))
    tree = tree_of(store, size)
    return {
        "format": FORMAT,
        "log_key": str(log_signer().verifier),
        "policy": policy_text(),
        "checkpoint": full_note(state.checkpoint),
        "statement": with_signatures(statement, [log_signer().sign(statement)]),
        "subject": state.person.subject,
        "key": encoded(key),
        **end_of_log(store, size),
        "absent": absence(store, size, label_of(key, state.rows + 1)),
        "consistency": consistency(tree, seen_size) if 0 < seen_size < size else [],
        **aged_part(tree),
    }


def aged_part(tree: TreeReader) -> dict[str, Any]:
    """Return the newest checkpoint of three years ago, and what shows that the log continues it. Empty if it is
    younger."""
    found = aged_checkpoint()
    if found is None or found.size > tree.size:
        return {}
    return {"aged": {"checkpoint": full_note(found), "consistency": consistency(tree, found.size)}}


def aged_checkpoint(now: datetime | None = None) -> LogCheckpoint | None:
    before = (now or timezone.now()) - timedelta(seconds=KEPT_SECONDS)
    old = with_cosignatures().filter(signed_at__lte=before).order_by("-size")[:LOOKED_BACK]
    return next((one for one in old if is_witnessed(one)), None)


def shown_rows(state: RecordState, rows: Iterable[SealedRow]) -> list[dict[str, Any]]:
    """Return rows as a proof has them, each with its path."""
    some, store = list(rows), DatabaseStore()
    store.read_ahead(row.place for row in some)
    tree = tree_of(store, state.checkpoint.size)
    return [shown_row(tree, store, row) for row in some]


def shown_row(tree: TreeReader, store: DatabaseStore, row: SealedRow) -> dict[str, Any]:
    opened: dict[str, Any] = {"event": row.event, "salt": encoded(row.salt)}
    if row.event is None:
        entry = read_entry(unbundled(store.bundle(row.place >> 8))[row.place & 255])
        opened = {"commitment": encoded(entry.commitment if isinstance(entry, Row) else b"")}
    return {"index": row.place, "path": inclusion(tree, row.place), **opened}


def row_tlog_proof(state: RecordState, number: int) -> str | None:
    """Return the proof of one row in the form of C2SP tlog-proof. None if there is no such row."""
    row = next(iter(sealed_rows(state, number - 1, 1)), None) if number else None
    if row is None:
        return None
    store = DatabaseStore()
    entry = unbundled(store.bundle(row.place >> 8))[row.place & 255]
    path = inclusion(tree_of(store, state.checkpoint.size), row.place)
    return tlog_proof(entry, row.salt, row.place, path, full_note(state.checkpoint))


def tlog_proof_of(person: User, kind: RowKind, row_id: UUID) -> str | None:
    """Return the same for the row of a table. None if it is not in the log that the person is shown, or not yet."""
    state = record_state(person)
    if state is None:
        return None
    entry = LogEntry.objects.filter(person_id=person.pk, kind=kind, row_id=row_id, **ids_in(state.key)).first()
    return row_tlog_proof(state, entry.number) if entry else None


def proof_texts(state: RecordState, seen_size: int = 0) -> Iterator[str]:
    """Yield the whole proof as JSON, some rows at a time: a long record is never held at once. ``seen_size``: as in
    ``proof_head``."""
    yield as_json(proof_head(state, seen_size)).removesuffix("}") + ',\n"rows": ['
    for after in range(0, state.rows, ROWS_ON_PAGE):
        rows = shown_rows(state, sealed_rows(state, after, ROWS_ON_PAGE))
        yield (",\n" if after else "\n") + ",\n".join(as_json(row) for row in rows)
    yield "]}"


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


class NamesPerson(Func):
    """Whether what was left for the log (a payload of ``record.grew``) names a row of this person."""

    output_field = BooleanField()

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_context: Any) -> Any:
        return self._filled(
            compiler, "EXISTS (SELECT 1 FROM json_each(%s, '$.rows') WHERE json_extract(value, '$[1]') = %s)"
        )

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_context: Any) -> Any:
        return self._filled(
            compiler, "EXISTS (SELECT 1 FROM jsonb_array_elements(%s -> 'rows') AS one WHERE (one ->> 1)::bigint = %s)"
        )

    def _filled(self, compiler: SQLCompiler, sql: str) -> Any:
        payload, person = (compiler.compile(one) for one in self.get_source_expressions())
        return sql % (payload[0], person[0]), [*payload[1], *person[1]]


def unsealed_since(person: User) -> datetime | None:
    """Return since when a row of this record waits to be sealed; None if none does. One SQL statement, which reads what
    is left for the log, the oldest thousand of it: that is short, or the log is in trouble."""
    oldest = OutboxRow.objects.filter(topic=RECORD_GREW.name).order_by("id").values("pk")[:LONGEST_QUEUE]
    waiting = OutboxRow.objects.filter(NamesPerson(F("payload"), Value(person.pk)), pk__in=oldest)
    return waiting.order_by("id").values_list("due_at", flat=True).first()
