"""Whoever owns the database changes, removes, moves or hides rows. Each is caught by whom docs/proof.md names."""

from datetime import timedelta

import pytest
from django.db import connection

from consents.models import Decision
from disclosures.ledger.recording import record_disclosures
from disclosures.models import Countersignature, Disclosure, ItemSet, Recipient
from privacycenter.identifiers import uuid7
from privacycenter.log.note import (
    Checkpoint,
    decoded,
    encoded,
    open_checkpoint,
    read_note,
    signed_at,
    with_signatures,
)
from privacycenter.log.policy import read_policy
from privacycenter.log.proving import absence, tree_of
from privacycenter.log.record import Broken, Seen, check_countersigned, check_record, statement_text, trust_in
from privacycenter.log.watching import watch
from privacycenter.models import (
    LogBundle,
    LogCheckpoint,
    LogEntry,
    LogState,
    LogTile,
    PersonKey,
    RemovedEntry,
    RowKind,
)
from privacycenter.models.log import SEQUENCE_STEP
from privacycenter.proof.keys import log_signer
from privacycenter.proof.sealing_actions import seal_rows
from privacycenter.proof.store import DatabaseStore
from privacycenter.proof.topics import RecordGrew
from tests.support.asking import answer, ask
from tests.support.countersigning import OTHER_KEY, countersigned, registered, statement
from tests.support.events import an_event
from tests.support.log import checked, record_proof, seal_and_sign
from tests.support.memory_log import WITNESS

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(hanako, taro, reporter):
    """Eight rows of hanako's, one of them an answer, among those of others: more than a bundle."""
    for number in range(6):
        record_disclosures(
            events=[an_event(f"h-{number}", subject=hanako.subject)]
            + [an_event(f"t-{number}-{other}", subject=taro.subject) for other in range(50)],
            by=reporter,
        )
        seal_and_sign()
    answer(hanako, ask(hanako, reporter), "name")
    seal_and_sign()
    assert checked(hanako).rows == 8
    return hanako


def without_guards(sql: str, values: list) -> None:
    """As somebody does who owns the database: the triggers are out of the way."""
    table = sql.split()[1] if sql.startswith("UPDATE") else sql.split()[2]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute(sql, values)
        assert cursor.rowcount


def change(model, row, **columns):
    fields = {name: model._meta.get_field(name) for name in columns}
    values = [fields[name].get_db_prep_save(value, connection) for name, value in columns.items()]
    keys = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in model._meta.pk_fields]
    sets = ", ".join(f"{fields[name].column} = %s" for name in columns)
    where = " AND ".join(f"{field.column} = %s" for field in model._meta.pk_fields)
    without_guards(f"UPDATE {model._meta.db_table} SET {sets} WHERE {where}", [*values, *keys])


def remove(model, row):
    keys = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in model._meta.pk_fields]
    where = " AND ".join(f"{field.column} = %s" for field in model._meta.pk_fields)
    without_guards(f"DELETE FROM {model._meta.db_table} WHERE {where}", keys)


def disclosure_of(person, number) -> Disclosure:
    """The row of this number in the record, which is a disclosure."""
    entry = LogEntry.objects.get(person=person, id=SEQUENCE_STEP + number)
    return person.disclosures.get(id=entry.row_id)


def entry_of(person, number) -> LogEntry:
    return LogEntry.objects.get(person=person, id=SEQUENCE_STEP + number)


def caught(person, proof=None, seen=None) -> Broken:
    proof = proof or record_proof(person)
    with pytest.raises(Broken) as found:
        check_record(proof, trust_in(proof), seen)
    return found.value


def seen_by(person) -> Seen:
    return checked(person).seen


def stated(proof, rows: int):
    """A statement about another number of rows, signed by the log: the operator has its key."""
    log = log_signer()
    checkpoint, _note = open_checkpoint(proof["checkpoint"], log.verifier)
    text = statement_text(proof["subject"], decoded(proof["key"]), rows, checkpoint)
    return {**proof, "statement": with_signatures(text, [log.sign(text)])}


# --- The person notices -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "column", ["recipient", "item_set", "occurred_at", "recorded_at", "flags", "event_id", "evidence_reference"]
)
def test_changed_row(record, column):
    row = disclosure_of(record, 3)
    others = {
        "recipient": Recipient.objects.exclude(pk=row.recipient_id).first(),
        "item_set": ItemSet.objects.create(digest="d" * 64, codes=["resume"]),
        "occurred_at": row.occurred_at - timedelta(days=400), "recorded_at": row.recorded_at - timedelta(seconds=1),
        "flags": 2, "event_id": "another", "evidence_reference": "R-1",
    }  # fmt: skip
    value = others[column]
    if column == "evidence_reference":
        change(Disclosure, row, evidence_kind=1, evidence_reference=value)
    else:
        change(Disclosure, row, **{column: value.pk if column in ("recipient", "item_set") else value})
    assert caught(record).number == 3


def test_changed_items_of_a_set_under_its_old_number(record):
    """The set is shared by many rows: a change of it changes them all."""
    row = disclosure_of(record, 3)
    change(ItemSet, row.item_set, codes=["name"], digest="e" * 64)
    assert caught(record).number == 1


def test_refusal_swapped_for_an_approval(record):
    decision = record.decisions.get()
    change(Decision, decision, allowed_set=decision.refused_set_id, refused_set=decision.allowed_set_id)
    assert caught(record).number == 8


def test_deleted_row(record):
    remove(Disclosure, disclosure_of(record, 3))
    assert caught(record).number == 3


def test_deleted_row_with_its_entry(record):
    row = disclosure_of(record, 3)
    remove(LogEntry, entry_of(record, 3))
    remove(Disclosure, row)
    assert caught(record).number == 3


def test_last_row_hidden(record):
    decision = record.decisions.get()
    remove(LogEntry, entry_of(record, 8))
    remove(Decision, decision)
    PersonKey.objects.filter(person=record).update(last_number=7)
    assert "further row" in str(caught(record)) or caught(record).number == 8


def test_last_row_hidden_in_a_full_bundle(record, taro, reporter):
    """The index knows the label: no proof that it is not there can be made, and the check names the row."""
    record_disclosures(events=[an_event(f"x-{n}", subject=taro.subject) for n in range(300)], by=reporter)
    seal_and_sign()
    remove(LogEntry, entry_of(record, 8))
    assert caught(record).number == 8


def test_middle_row_hidden_and_the_others_renumbered(record):
    remove(LogEntry, entry_of(record, 3))
    for number in range(4, 9):
        entry = entry_of(record, number)
        remove(LogEntry, entry)
        entry.id -= 1
        entry._state.adding = True
        entry.save()
    assert caught(record).number == 3


def test_deletion_covered_as_a_removal_by_law(record):
    row, entry = disclosure_of(record, 3), entry_of(record, 3)
    RemovedEntry.objects.create(person=record, id=entry.id, place=entry.place)
    remove(LogEntry, entry)
    remove(Disclosure, row)
    assert "before the time" in str(caught(record))


def test_deletion_covered_with_a_checkpoint_that_is_said_to_be_old(record):
    """Without a witness the time of a checkpoint is the operator's word; with one it is not."""
    entry = entry_of(record, 3)
    RemovedEntry.objects.create(person=record, id=entry.id, place=entry.place)
    remove(LogEntry, entry)
    newest = LogCheckpoint.objects.order_by("-size").first()
    change(LogCheckpoint, newest, signed_at=newest.signed_at - timedelta(days=1200))
    proof = record_proof(record)
    assert check_record(proof, trust_in(proof)).removed == (3,)
    policy = read_policy(f"log {log_signer().verifier}\n{WITNESSED}")
    trust = trust_in(proof)
    with pytest.raises(Broken, match="witness"):
        check_record(proof, type(trust)(trust.log, policy))


WITNESSED = f"witness w {WITNESS.verifier}\nquorum w\n"


def test_row_of_another_person_in_place_of_a_hidden_one(record, taro):
    proof, other = record_proof(record), record_proof(taro)
    proof["rows"][2] = {**other["rows"][2]}
    assert caught(record, proof).number == 3


def test_back_dated_row(record, hanako, reporter):
    """A new row cannot take a number or a place of before, whatever time it names."""
    record_disclosures(events=[an_event("late", subject=hanako.subject)], by=reporter)
    row = hanako.disclosures.get(event_id="late")
    change(Disclosure, row, recorded_at=row.recorded_at - timedelta(days=300))
    seal_and_sign()
    assert checked(record).rows == 9
    first, last = entry_of(record, 1), entry_of(record, 9)
    assert last.place > first.place and disclosure_of(record, 9).recorded_at < disclosure_of(record, 1).recorded_at


def test_absence_of_another_label_told_for_that_of_the_next(record, taro):
    proof = record_proof(record)
    proof["absent"] = absence(DatabaseStore(), LogState.objects.get().size, bytes(16))
    if proof["absent"]:
        assert caught(record, proof).number == 9


# --- Who remembers, notices -------------------------------------------------------------------------------------------


def test_record_under_another_key(record):
    """Everything is sealed again without one row, under a key that nobody saw before."""
    seen = seen_by(record)
    rows = [(one.kind, record.pk, one.row_id) for one in LogEntry.objects.filter(person=record).order_by("id")]
    PersonKey.objects.filter(person=record).update(state=2)
    seal_rows([RecordGrew(rows=tuple(rows[:-1]))])
    seal_and_sign()
    proof = record_proof(record, seen.size)
    assert check_record(proof, trust_in(proof)).rows == 7, "caught by nobody who looks for the first time"
    assert "another key" in str(caught(record, proof, seen))


def test_rolled_back_to_an_older_copy(record, taro, reporter):
    seen = seen_by(record)
    size = LogCheckpoint.objects.order_by("-size").values_list("size", flat=True)[1]
    without_guards("DELETE FROM privacycenter_logcheckpoint WHERE size > %s", [size])
    LogState.objects.update(size=size)
    for entry in LogEntry.objects.filter(place__gte=size):
        remove(LogEntry, entry)
    assert "there were 8 rows" in str(caught(record, record_proof(record), seen))


def test_forked_log(record, taro, reporter):
    seen = seen_by(record)
    size = LogCheckpoint.objects.order_by("-size").values_list("size", flat=True)[1]
    bundle = LogBundle.objects.order_by("-number").first()
    without_guards("DELETE FROM privacycenter_logcheckpoint WHERE size > %s", [size])
    bundle.data = bytes(bundle.data)[: (size - bundle.number * 256) * 51]
    bundle.save()
    LogState.objects.update(size=size)
    for entry in LogEntry.objects.filter(place__gte=size):
        remove(LogEntry, entry)
    PersonKey.objects.filter(person=record).update(last_number=6)
    record_disclosures(events=[an_event(f"f-{n}", subject=record.subject) for n in range(5)], by=reporter)
    seal_and_sign()
    assert caught(record, record_proof(record, seen.size), seen)


# --- A monitor notices ------------------------------------------------------------------------------------------------


def watched(client):
    def fetch(path: str) -> bytes:
        response = client.get(f"/log/{path}")
        if response.status_code != 200:
            raise OSError(path)
        return response.content

    return watch(fetch, log_signer().verifier, read_policy("quorum none"))


def test_monitor_finds_nothing_in_a_good_log(record, client):
    found = watched(client)
    assert (found.faults, found.rows, found.checkpoint.size) == ([], 308, LogState.objects.get().size)


def sign_as_it_is():
    """The operator signs what it likes."""
    size = LogState.objects.get().size
    checkpoint = Checkpoint(log_signer().name, size, tree_of(DatabaseStore(), size).root())
    note = with_signatures(checkpoint.text, [log_signer().sign(checkpoint.text)])
    newest = LogCheckpoint.objects.order_by("-size").first()
    change(LogCheckpoint, newest, root=checkpoint.root, note=note)


def edit_entry(index: int, edit):
    bundle = LogBundle.objects.get(number=index // 256)
    data = bytearray(bundle.data)
    start = (index % 256) * 51 + 2
    data[start : start + 49] = edit(bytes(data[start : start + 49]))
    bundle.data = bytes(data)
    bundle.save()


def test_label_used_twice(record, client):
    first = bytes(LogBundle.objects.get(number=0).data)[51 + 2 : 51 + 51]
    edit_entry(300, lambda entry: entry[:1] + first[1:17] + entry[17:])
    sign_as_it_is()
    assert any("used before" in fault for fault in watched(client).faults)


def test_label_that_the_index_leaves_out(record, client):
    """Changed after the head was written: what the index proves absent is there."""
    edit_entry(5, lambda entry: entry[:1] + bytes(16) + entry[17:])
    sign_as_it_is()
    assert any("index" in fault for fault in watched(client).faults)


def test_head_where_none_is_due_and_none_where_one_is(record, client):
    head = bytes(LogBundle.objects.get(number=1).data)[2:51]
    edit_entry(300, lambda entry: head)
    sign_as_it_is()
    assert watched(client).faults == ["Entry 300 is a head."]
    row = bytes(LogBundle.objects.get(number=1).data)[51 + 2 : 51 + 51]
    edit_entry(256, lambda entry: row)
    assert any("is no head" in fault for fault in watched(client).faults)


def test_head_with_a_time_before_the_last(record, client):
    edit_entry(256, lambda entry: entry[:41] + bytes(8))
    sign_as_it_is()
    assert any("older" in fault for fault in watched(client).faults)


def test_tile_that_is_another(record, client):
    tile = LogTile.objects.get(level=1, number=0)
    tile.data = b"\x00" * 32 + bytes(tile.data)[32:]
    tile.save()
    assert any("tile" in fault for fault in watched(client).faults)


def test_checkpoint_over_something_else(record, client):
    edit_entry(3, lambda entry: entry[:20] + bytes([entry[20] ^ 1]) + entry[21:])
    assert any("another root" in fault for fault in watched(client).faults)


# --- What a recipient signed -----------------------------------------------------------------------------------------


@pytest.fixture
def signed_record(record, editor):
    """The inn signed that it received the third disclosure: the ninth row."""
    registered(editor)
    countersigned(disclosure_of(record, 3))
    seal_and_sign()
    assert checked(record).countersigned and checked(record).rows == 9
    return record


def test_countersignature_that_was_exchanged_is_not_what_was_sealed(signed_record):
    row = signed_record.countersignatures.get()
    change(Countersignature, row, signature=OTHER_KEY.sign(row.statement.encode()))
    assert caught(signed_record).number == 9


def test_countersignature_that_was_dropped_is_missing(signed_record):
    row = signed_record.countersignatures.get()
    remove(LogEntry, entry_of(signed_record, 9))
    remove(Countersignature, row)
    PersonKey.objects.filter(person=signed_record).update(last_number=8)
    assert "further row" in str(caught(signed_record)) or caught(signed_record).number == 9


def seal_another(person, **changed):
    """The operator writes a countersignature of its own making and has it sealed."""
    row = person.countersignatures.get()
    values = {name: getattr(row, name) for name in (
        "person_id", "disclosure_id", "said", "key_id", "statement", "signature", "signed_at", "received_at",
    )}  # fmt: skip
    made = Countersignature.objects.create(**{**values, "id": uuid7(), **changed})
    seal_rows([RecordGrew(rows=((RowKind.COUNTERSIGNATURE.value, person.pk, made.id),))])
    seal_and_sign()


def test_countersignature_shown_under_another_disclosure_is_about_the_first(signed_record):
    seal_another(signed_record, disclosure_id=disclosure_of(signed_record, 4).id)
    assert "something else" in str(caught(signed_record)) and caught(signed_record).number == 10


def test_receipt_told_for_a_deletion_is_not_what_was_signed(signed_record):
    seal_another(signed_record, said="deleted")
    assert caught(signed_record).number == 10


def test_statement_that_nobody_signed_has_no_signature(signed_record):
    text = statement(disclosure_of(signed_record, 4))
    seal_another(signed_record, disclosure_id=disclosure_of(signed_record, 4).id, statement=text)
    assert "did not sign" in str(caught(signed_record))


def test_disclosure_that_says_more_than_its_recipient_signed(signed_record):
    """Even if it was sealed like that: the statement has the items that the recipient knows."""
    proof = record_proof(signed_record)
    events = [row["event"] for row in proof["rows"]]
    told = {**events[2], "items": [*events[2]["items"], "resume"]}
    with pytest.raises(Broken, match="something else"):
        check_countersigned([*events[:2], told, *events[3:]], origin_of(proof))


def origin_of(proof) -> str:
    return proof["checkpoint"].split("\n")[0]


# --- Two statements convict -------------------------------------------------------------------------------------------


def test_statements_about_one_record_can_be_compared(record):
    """What each person is given is signed: two keys or two counts for one subject at one size convict the log."""
    one = record_proof(record)
    other = stated(one, 7)
    assert one["statement"] != other["statement"]
    for said in (one, other):
        assert open_note(said["statement"])
    assert encoded(record.subject.encode()) in one["statement"]


def open_note(note: str) -> bool:
    return signed_at(read_note(note), log_signer().verifier) == 0
