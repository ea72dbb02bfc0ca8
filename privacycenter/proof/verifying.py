"""Verification of the log: its entries are those of the rows, both ways, and it is what was signed."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils import timezone

from privacycenter.database.verifying import (
    EVERYTHING,
    Fault,
    Progress,
    Window,
    found_in,
    kept_since,
    pages,
    pages_written,
)
from privacycenter.log.entries import Row, commitment_to, is_head_place, label_of, read_entry
from privacycenter.log.proving import tree_of
from privacycenter.log.tiles import unbundled
from privacycenter.log.tree import HASH_BYTES, TILE_WIDTH, leaf_hash, root_of
from privacycenter.models import (
    LogBundle,
    LogEntry,
    PersonKey,
    RemovedEntry,
    RowKind,
    SequenceState,
    User,
)
from privacycenter.models.log import SEQUENCE_STEP
from privacycenter.proof.backfill import sealed_keys, table_of
from privacycenter.proof.checkpoint_actions import LogIsBroken, checkpoints, newest_checkpoint, refuse_fork
from privacycenter.proof.queries import MERGE_DELAY, cited_places
from privacycenter.proof.sealing_actions import by_kind
from privacycenter.proof.sources import event_of, read_rows
from privacycenter.proof.store import DatabaseStore, log_size, numbered_size
from privacycenter.sandbox import clock

KEY = ("person_id", "id")


def verify_entries(progress: Progress, window: Window = EVERYTHING) -> Iterator[Fault]:
    """Yield each entry that does not commit to its row as it is now. Some SQL statements for a thousand entries."""
    numbered = numbered_size()
    for page in pages_written(LogEntry.objects.all(), "written_at", window):
        people = {one.person_id for one in page}
        keys = {(key.person_id, key.id): key for key in PersonKey.objects.filter(person_id__in=people)}
        given_up = {id for id, key in keys.items() if key.state == SequenceState.GIVEN_UP}
        page_of_log = [one for one in page if (one.person_id, one.sequence) not in given_up]
        subjects = dict(User.objects.filter(pk__in=people).values_list("pk", "subject"))
        rows = read_rows(by_kind((RowKind(one.kind), (one.person_id, one.row_id)) for one in page_of_log))
        store = DatabaseStore()
        store.read_ahead(one.place for one in page_of_log)
        for person in people:
            own = [one for one in page_of_log if one.person_id == person]
            cited = cited_places(person, own)
            for one in own:
                kind = RowKind(one.kind)
                row = rows.get((kind, (person, one.row_id)))
                key = keys.get((person, one.sequence))
                if row is None:
                    yield found_in(one, f"the {kind.code} that it seals is gone: {one.row_id}")
                elif key is None or entry_at(store, one.place) != expected(
                    one,
                    bytes(key.key),
                    event_of(
                        kind,
                        subjects.get(person, ""),
                        row,
                        cited_of(one, cited),
                        one.number if one.place < numbered else None,
                    ),
                ):
                    yield found_in(one, f"the {kind.code} was changed since it was sealed, or the entry was")
        progress(len(page))


def cited_of(entry: LogEntry, cited: dict[Any, int]) -> int | None:
    """An entry that was made while the row was kept back cites nothing: it is the one that others cite."""
    place = cited.get((entry.kind, entry.row_id))
    return place if place is not None and place < entry.place else None


def expected(entry: LogEntry, key: bytes, event: dict[str, Any]) -> bytes:
    return Row(label_of(key, entry.number), commitment_to(bytes(entry.salt), event)).entry


def entry_at(store: DatabaseStore, place: int) -> bytes:
    entries = unbundled(store.bundle(place // TILE_WIDTH))
    return entries[place % TILE_WIDTH] if place % TILE_WIDTH < len(entries) else b""


def verify_numbers(progress: Progress) -> Iterator[Fault]:
    """Yield each sequence of a person in which a number is missing. Two SQL statements for a sequence."""
    for page in pages(PersonKey.objects.all()):
        for key in page:
            within = {"person_id": key.person_id, "id__gt": key.id * SEQUENCE_STEP,
                      "id__lt": (key.id + 1) * SEQUENCE_STEP}  # fmt: skip
            count = sum(model._default_manager.filter(**within).count() for model in (LogEntry, RemovedEntry))
            if count != key.last_number:
                yield found_in(key, f"{key.last_number:,} numbers were given out, and {count:,} are there")
        progress(len(page))


def verify_sealed(progress: Progress, window: Window = EVERYTHING) -> Iterator[Fault]:
    """Yield each row that should have been sealed by now and is not. Rows of before there was a log may be without."""
    began = kept_since("privacycenter", "0007_log")
    latest = timezone.now() - MERGE_DELAY
    if not clock.is_due_by_now(MERGE_DELAY):
        return
    for kind in RowKind:
        rows = table_of(kind)
        for page in pages_written(rows.only(*KEY), settings.LOG_TIMES[kind.code], window):
            keys = [(row.person_id, row.id) for row in page]
            sealed = sealed_keys(kind, keys)
            missing = [key for key in keys if key not in sealed]
            for (_kind, key), row in read_rows({kind: missing}).items():
                if began < row.written_at < latest:
                    yield Fault(f"{kind.code} {key[0]}/{key[1]}", "is not sealed in the log")
            progress(len(keys))


def verify_log(progress: Progress, window: Window = EVERYTHING) -> Iterator[Fault]:
    """Yield what in the public log does not fit: bundles, tiles, heads, and the last checkpoint. What the index says is
    the monitor's to compute (``watch_log``)."""
    size = log_size()
    store = DatabaseStore()
    for page in pages(bundles_of(window)):
        for bundle in page:
            yield from faults_of_bundle(bundle, size, store)
        progress(len(page))
    last = newest_checkpoint()
    try:
        refuse_fork(last, size, tree_of(store, size))
    except (LogIsBroken, ValueError) as error:
        yield Fault("privacycenter_logcheckpoint", str(error))


def bundles_of(window: Window) -> Any:
    """Return the bundles that were filled in the window, and some around: as far as the checkpoints tell."""
    found, signed = LogBundle.objects.all(), checkpoints().order_by("size").values_list("size", flat=True)
    if window.since:
        first = signed.filter(signed_at__lt=window.since).last() or 0
        found = found.filter(number__gte=first // TILE_WIDTH)
    if window.until and (last := signed.filter(signed_at__gte=window.until).first()):
        found = found.filter(number__lte=last // TILE_WIDTH)
    return found


def faults_of_bundle(bundle: LogBundle, size: int, store: DatabaseStore) -> Iterator[Fault]:
    start = bundle.number * TILE_WIDTH
    try:
        entries = unbundled(bytes(bundle.data))
        kinds = [isinstance(read_entry(entry), Row) for entry in entries]
    except ValueError as error:
        yield found_in(bundle, f"cannot be read: {error}")
        return
    if len(entries) != min(TILE_WIDTH, size - start):
        yield found_in(bundle, f"has {len(entries)} entries, and the log {size:,}")
    if any(is_row == is_head_place(start + at) for at, is_row in enumerate(kinds)):
        yield found_in(bundle, "has a head where none is due, or none where one is")
    if len(entries) == TILE_WIDTH:
        number, at = divmod(bundle.number, TILE_WIDTH)
        kept = store.tile(1, number)[at * HASH_BYTES : (at + 1) * HASH_BYTES]
        if kept != root_of([leaf_hash(entry) for entry in entries]):
            yield found_in(bundle, "hashes to something else than its tile says")
