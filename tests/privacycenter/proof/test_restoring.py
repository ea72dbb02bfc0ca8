"""After a restore: a log that is shorter than what others have seen is found out, and given up for a new one."""

import io

import pytest
from django.core.management import CommandError, call_command

from disclosures.ledger.recording import record_disclosures
from privacycenter.log.opening import check_opening
from privacycenter.log.record import trust_in
from privacycenter.models import (
    LogBundle,
    LogCheckpoint,
    LogEntry,
    LogState,
    OutboxRow,
    PersonKey,
    RowKind,
    SequenceState,
)
from privacycenter.outbox.working import work_off
from privacycenter.proof.checkpoint_actions import sign_checkpoint
from privacycenter.proof.openings import openings_of
from tests.support.commands import verify
from tests.support.events import an_event
from tests.support.log import checked, seal_and_sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(hanako, reporter, tmp_path):
    """Three rows, sealed and signed; the newest checkpoint as somebody else has it."""
    record_disclosures(events=[an_event(f"e-{number}") for number in range(3)], by=reporter)
    seal_and_sign()
    file = tmp_path / "checkpoint"
    file.write_text(LogCheckpoint.objects.get().note)
    return file


def after_restore(*arguments) -> str:
    out = io.StringIO()
    call_command("after_restore", *map(str, arguments), stdout=out)
    return out.getvalue()


def lost() -> None:
    """As a backup of before the last row has it."""
    bundle = LogBundle.objects.get()
    bundle.data = bytes(bundle.data)[:-51]
    bundle.save()
    LogState.objects.update(size=3)


def test_log_that_continues_what_others_have_is_told_to(known, hanako, reporter):
    assert "continues the checkpoint of 4" in after_restore("--checkpoint", known)
    record_disclosures(events=[an_event("more")], by=reporter)
    work_off()
    assert "has 5 entries and continues" in after_restore("--checkpoint", known)


def test_log_that_is_shorter_is_a_fork(known):
    lost()
    said = after_restore("--checkpoint", known)
    assert "does NOT continue" in said and "--new-log" in said


def test_log_with_another_entry_is_a_fork(known):
    bundle = LogBundle.objects.get()
    data = bytearray(bundle.data)
    data[-1] ^= 1
    bundle.data = bytes(data)
    bundle.save()
    assert "does NOT continue" in after_restore("--checkpoint", known)


def test_it_is_said_that_nothing_was_compared(known):
    assert "was not compared" in after_restore()


@pytest.mark.parametrize("text", ["", "nothing", "another.example/log\n1\nAAAA\n\n— x AAAAAAAA\n"])
def test_something_else_than_a_checkpoint_of_this_log_stops_the_command(known, text):
    known.write_text(text)
    with pytest.raises(CommandError, match="The log"):
        after_restore("--checkpoint", known)
    with pytest.raises(CommandError, match="The log"):
        after_restore("--checkpoint", known.parent / "not-there")


def test_new_log_needs_a_new_name(known):
    with pytest.raises(CommandError, match="LOG_ORIGIN"):
        after_restore("--new-log")
    assert LogState.objects.get().size == 4 and PersonKey.objects.get().state == SequenceState.CURRENT


def test_new_log_holds_everything_that_is_there_under_new_keys(known, hanako, settings):
    before = bytes(PersonKey.objects.get().key)
    settings.LOG_ORIGIN = "privacy.example/log/2"
    assert "The former one had 4 entries" in after_restore("--new-log")
    call_command("seal_ledger", stdout=io.StringIO())
    found = checked(hanako)
    assert (found.rows, found.checkpoint.origin) == (3, "privacy.example/log/2")
    assert bytes(PersonKey.objects.get(state=SequenceState.CURRENT).key) != before
    assert LogEntry.objects.filter(person=hanako).count() == 6
    assert set(LogCheckpoint.objects.values_list("origin", flat=True)) == {settings.LOG_ORIGIN, "127.0.0.1:8000/log/1"}
    assert "Everything is as it was written." in verify()


def test_row_is_opened_in_the_log_that_is_there(known, hanako, settings):
    """Not in the one that was given up, which had entries that commit to numbers."""
    LogState.objects.update(numbered_size=4)
    settings.LOG_ORIGIN = "privacy.example/log/2"
    after_restore("--new-log")
    call_command("seal_ledger", stdout=io.StringIO())
    sign_checkpoint()
    row = hanako.disclosures.first()
    (opened,) = openings_of(hanako, [(RowKind.DISCLOSURE, (hanako.pk, row.id))]).values()
    found = check_opening(opened.proof, trust_in(opened.proof))
    assert (found.event["id"], found.checkpoint.origin) == (str(row.id), "privacy.example/log/2")


def test_nothing_is_sealed_under_another_name_without_a_new_log(known, hanako, reporter, settings):
    settings.LOG_ORIGIN = "privacy.example/log/2"
    record_disclosures(events=[an_event("more")], by=reporter)
    work_off()
    assert LogEntry.objects.filter(person=hanako).count() == 3
    row = OutboxRow.objects.get(topic="record.grew")
    assert "OriginChanged" in row.last_error
