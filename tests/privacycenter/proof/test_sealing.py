"""Rows of a record become entries of the log, each once, numbered without a gap; and the record is shown to be whole."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import transaction

from consents.asking.request_actions import cancel_request
from consents.asking.rule_actions import set_rule
from consents.models import RecallKind, RuleKind, RuleSetting, StepKind
from consents.recalls.about import EVERYTHING
from consents.recalls.actions import file_recall, take_back_recall
from consents.withdrawals.actions import take_withdrawal_step
from disclosures.ledger.recording import record_disclosures
from privacycenter.log.entries import Head, Row, read_entry
from privacycenter.log.tiles import unbundled
from privacycenter.models import LogBundle, LogCheckpoint, LogEntry, LogState, OutboxRow, PersonKey, RowKind
from privacycenter.outbox.followers import Lane
from privacycenter.outbox.working import work_off
from privacycenter.proof.checkpoint_actions import LogIsBroken, sign_checkpoint
from privacycenter.proof.growing import record_grew
from privacycenter.proof.queries import record_state, sealed_rows
from privacycenter.proof.sealing_actions import seal_rows
from privacycenter.proof.sources import event_of
from privacycenter.proof.topics import RecordGrew
from privacycenter.proof.verifying import verify_entries
from tests.support.asking import ask
from tests.support.countersigning import countersigned, registered
from tests.support.events import a_correction, an_event, record
from tests.support.log import checked, record_proof, seal_and_sign

pytestmark = pytest.mark.django_db


def entries_of(person) -> list[tuple[int, str]]:
    return [(one.number, RowKind(one.kind).code) for one in LogEntry.objects.filter(person=person).order_by("id")]


def public_entries() -> list:
    bundles = LogBundle.objects.order_by("number").values_list("data", flat=True)
    return [read_entry(entry) for data in bundles for entry in unbundled(bytes(data))]


def test_every_kind_of_row_is_sealed_and_shown_to_be_whole(hanako, reporter, withdrawal, editor):
    record_disclosures(events=[an_event("wrong")], by=reporter)
    record(reporter, a_correction(hanako.disclosures.get(event_id="wrong").id))
    set_rule(kind=RuleKind.ABROAD, code="", setting=RuleSetting.REFUSE, by=hanako)
    take_withdrawal_step(withdrawal=withdrawal, kind=StepKind.TOLD, by=reporter)
    request = ask(hanako, reporter, recipient="minato-inn")
    cancel_request(request=request, by=reporter)
    recall = file_recall(kind=RecallKind.DELETE, about=EVERYTHING, by=hanako)
    take_back_recall(recall=recall.id, by=hanako)
    registered(editor)
    countersigned(hanako.disclosures.get(event_id="wrong"))
    seal_and_sign()
    kinds = [kind for _number, kind in entries_of(hanako)]
    assert set(kinds) == {kind.code for kind in RowKind}
    assert [number for number, _kind in entries_of(hanako)] == list(range(1, len(kinds) + 1))
    assert checked(hanako).rows == len(kinds)
    assert not OutboxRow.objects.filter(topic="record.grew").exists()


def test_two_people_have_sequences_of_their_own(hanako, taro, reporter):
    for number in range(3):
        record(reporter, an_event(f"h-{number}", subject=hanako.subject), an_event(f"t-{number}", subject=taro.subject))
    record(reporter, an_event("more", subject=taro.subject))
    seal_and_sign()
    assert (checked(hanako).rows, checked(taro).rows) == (3, 4)
    keys = set(PersonKey.objects.values_list("key", flat=True))
    assert len(keys) == 2
    rows = [entry for entry in public_entries() if isinstance(entry, Row)]
    assert len({row.label for row in rows}) == len({row.commitment for row in rows}) == 7


def test_sealing_again_makes_no_second_entry(hanako, disclosure):
    grown = RecordGrew(rows=((RowKind.DISCLOSURE.value, hanako.pk, disclosure.id),))
    assert seal_rows([grown, grown]) == 1
    assert seal_rows([grown]) == 0
    assert LogState.objects.get().size == 2


def test_row_that_is_not_there_is_passed_over(hanako, taro, disclosure):
    grown = [
        RecordGrew(rows=((RowKind.DISCLOSURE.value, taro.pk, disclosure.id),)),
        RecordGrew(rows=((RowKind.DECISION.value, hanako.pk, disclosure.id),)),
        RecordGrew(rows=((RowKind.DISCLOSURE.value, 0, disclosure.id),)),
    ]
    assert seal_rows(grown) == 0 and not LogState.objects.filter(size__gt=0).exists()


def test_what_is_rolled_back_is_not_left_for_the_log(hanako, disclosure):
    with transaction.atomic():
        record_grew(RowKind.DISCLOSURE, [disclosure.pk])
        transaction.set_rollback(True)
    assert OutboxRow.objects.filter(topic="record.grew").count() == 1  # that of its recording


def test_heads_stand_at_every_multiple_of_256(hanako, reporter):
    record_disclosures(events=[an_event(f"e-{number}") for number in range(600)], by=reporter)
    seal_and_sign()
    entries = public_entries()
    assert [place for place, entry in enumerate(entries) if isinstance(entry, Head)] == [0, 256, 512]
    assert [entry.covered for entry in entries if isinstance(entry, Head)] == [0, 256, 512]
    assert checked(hanako).rows == 600
    places = list(LogEntry.objects.filter(person=hanako).order_by("id").values_list("place", flat=True))
    assert places != sorted(places), "rows of one report are next to each other in public"


@pytest.mark.parametrize("count", [1, 100])
def test_number_of_statements_does_not_grow_with_the_rows(hanako, reporter, count, django_assert_max_num_queries):
    record_disclosures(events=[an_event(f"e-{number}") for number in range(count)], by=reporter)
    with django_assert_max_num_queries(30):
        work_off(Lane.TOGETHER)
    sign_checkpoint()
    with django_assert_max_num_queries(25):
        record_proof(hanako)


def test_event_is_the_whole_row(hanako, disclosure):
    seal_and_sign()
    event = sealed_rows(record_state(hanako))[0].event
    assert event | {"fingerprint": ""} == {
        "type": "disclosure", "subject": hanako.subject, "id": str(disclosure.id),
        "recipient": disclosure.recipient.code, "service": disclosure.service.code,
        "scenario": disclosure.scenario.code, "items": disclosure.item_set.codes, "ground": "person_act",
        "occurred_at": disclosure.occurred_at.isoformat(timespec="microseconds"), "flags": [],
        "decision": "", "basis": "", "publication": str(disclosure.publication), "evidence": {},
        "named_decision": "", "recorded_at": disclosure.recorded_at.isoformat(timespec="microseconds"),
        "reporter": "travel", "source": disclosure.source.text, "event_id": "event-1", "fingerprint": "",
    }  # fmt: skip
    assert event["fingerprint"] == bytes(disclosure.fingerprint).hex()


def test_log_that_began_with_numbered_rows_goes_on(hanako, reporter, monkeypatch):
    """What was sealed with the number of its row stays as it is, in the proof and for verify_ledger."""
    with monkeypatch.context() as before:
        before.setattr(
            "privacycenter.proof.sealing_actions.event_of", lambda *parts: {**event_of(*parts), "number": "1"}
        )
        record_disclosures(events=[an_event("before")], by=reporter)
        seal_and_sign()
    LogState.objects.update(numbered_size=2)
    record_disclosures(events=[an_event("after")], by=reporter)
    seal_and_sign()
    assert checked(hanako).rows == 2
    assert [row.event.get("number") for row in sealed_rows(record_state(hanako))] == ["1", None]
    assert list(verify_entries(lambda _count: None)) == []


def test_update_marks_the_entries_that_are_there(hanako, disclosure):
    seal_and_sign()
    migration = import_module("privacycenter.migrations.0009_rows_without_numbers")
    migration.mark_what_is_there(apps, None)
    assert LogState.objects.get().numbered_size == LogState.objects.get().size == 2


# --- The signer -------------------------------------------------------------------------------------------------------


def test_only_what_grew_is_signed(hanako, disclosure):
    assert sign_checkpoint() is None
    assert seal_and_sign().size == 2
    assert sign_checkpoint() is None and LogCheckpoint.objects.count() == 1


def test_log_that_is_shorter_than_what_was_signed_is_not_signed(hanako, reporter):
    record_disclosures(events=[an_event(f"e-{number}") for number in range(300)], by=reporter)
    seal_and_sign()
    LogState.objects.update(size=200)
    with pytest.raises(LogIsBroken, match="200"):
        sign_checkpoint()


def test_log_whose_entries_were_changed_is_not_signed(hanako, reporter):
    record_disclosures(events=[an_event("e-1")], by=reporter)
    seal_and_sign()
    data = bytearray(LogBundle.objects.get().data)
    data[-1] ^= 1
    LogBundle.objects.update(data=bytes(data))
    record_disclosures(events=[an_event("e-2")], by=reporter)
    work_off()
    with pytest.raises(LogIsBroken):
        sign_checkpoint()


# --- Served -----------------------------------------------------------------------------------------------------------


def test_log_is_served_as_files(client, hanako, reporter):
    assert client.get("/log/checkpoint").status_code == 404
    record_disclosures(events=[an_event(f"e-{number}") for number in range(300)], by=reporter)
    seal_and_sign()
    page = client.get("/log/checkpoint")
    assert page.content.decode() == LogCheckpoint.objects.get().note
    assert page["Cache-Control"] == "public, max-age=2" and not page.cookies
    for path, length in (
        ("0/000", 256 * 32), ("0/001.p/46", 46 * 32), ("1/000.p/1", 32), ("entries/000", 256 * 51),
        ("entries/001.p/46", 46 * 51), ("0/001.p/20", 20 * 32),
    ):  # fmt: skip
        file = client.get(f"/log/tile/{path}")
        assert (file.status_code, len(file.content)) == (200, length), path
        assert "immutable" in file["Cache-Control"]
    for path in ("0/001", "0/001.p/47", "1/000", "2/000.p/1", "entries/002.p/1", "x", "0/000/", "../checkpoint"):
        assert client.get(f"/log/tile/{path}").status_code == 404, path
    assert client.get("/log/key").content.decode().startswith("127.0.0.1")
    assert client.post("/log/checkpoint").status_code == 405


def test_rows_that_are_not_signed_yet_are_not_served(client, hanako, disclosure, reporter):
    seal_and_sign()
    record_disclosures(events=[an_event("e-2")], by=reporter)
    work_off()
    assert client.get("/log/tile/entries/000.p/2").status_code == 200
    assert client.get("/log/tile/entries/000.p/3").status_code == 404
    assert checked(hanako).rows == 1
