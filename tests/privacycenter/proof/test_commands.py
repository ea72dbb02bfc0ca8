"""verify_record, watch_log and seal_ledger, and the program that needs no Django."""

import io
import json
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from disclosures.ledger.recording import record_disclosures
from privacycenter.log.note import encoded
from privacycenter.log.record import KEPT_SECONDS
from privacycenter.management.commands import watch_log
from privacycenter.models import LogEntry, LogState, OutboxRow, PersonKey, RowKind, SequenceState
from privacycenter.proof.growing import record_grew
from privacycenter.proof.keys import log_signer
from privacycenter.proof.openings import openings_of
from privacycenter.proof.program import verifier_program
from tests.support.events import an_event
from tests.support.log import checked, record_proof, seal_and_sign
from tests.support.memory_log import AT, MemoryLog

pytestmark = pytest.mark.django_db


def fetching_from(client):
    """What reads a log's files from the site of this test."""

    def fetching(url):
        def fetch(path):
            response = client.get(f"{url.removeprefix('https://privacy.example')}/{path}")
            if response.status_code != 200:
                raise OSError(f"{path}: {response.status_code}")
            return response.content

        return fetch

    return fetching


@pytest.fixture
def proof(hanako, reporter, tmp_path):
    record_disclosures(events=[an_event(f"e-{number}") for number in range(3)], by=reporter)
    seal_and_sign()
    file = tmp_path / "proof.json"
    file.write_text(json.dumps(record_proof(hanako), ensure_ascii=False))
    return file


def verify_record(*arguments) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("verify_record", *map(str, arguments), stdout=out)
    except SystemExit as ended:
        return ended.code, out.getvalue()
    return 0, out.getvalue()


def changed(file, change) -> None:
    document = json.loads(file.read_text())
    change(document)
    file.write_text(json.dumps(document))


def test_proof_that_holds(proof):
    status, said = verify_record(proof)
    assert status == 0 and "3 of 3 rows" in said and "No independent witness" in said and "--policy" in said


def test_proof_that_does_not_hold_names_its_row(proof):
    changed(proof, lambda document: document["rows"][1]["event"].update(recipient="another"))
    status, said = verify_record(proof)
    assert status == 1 and "NOT hold" in said and "Row 2" in said


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"format": "x"}', "\udcff"])
def test_something_else_cannot_be_read(tmp_path, text):
    file = tmp_path / "x.json"
    file.write_bytes(text.encode(errors="surrogateescape"))
    assert verify_record(file)[0] == 2
    assert verify_record(tmp_path / "not-there")[0] == 2


def test_proof_in_an_export_is_found(proof):
    proof.write_text(json.dumps({"format": "privacycenter.record", "proof": json.loads(proof.read_text())}))
    assert verify_record(proof)[0] == 0


def test_own_policy_counts(proof, tmp_path):
    policy = tmp_path / "policy"
    policy.write_text(f"log {log_signer().verifier}\nquorum none\n")
    status, said = verify_record(proof, "--policy", policy)
    assert status == 0 and "The keys are those" not in said
    policy.write_text("quorum none\n")
    assert verify_record(proof, "--policy", policy)[0] == 2


def test_program_needs_neither_django_nor_this_site(proof, tmp_path):
    program = tmp_path / "verify_record.pyz"
    program.write_bytes(verifier_program())
    code = f"import sys, runpy; sys.modules['django'] = None; sys.argv = ['x', {str(proof)!r}]; runpy.run_path({str(program)!r})"
    done = subprocess.run([sys.executable, "-P", "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "") and "3 of 3 rows" in done.stdout
    changed(proof, lambda document: document["rows"].pop())
    done = subprocess.run([sys.executable, program, proof], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1 and "NOT hold" in done.stdout


def test_program_is_served(client):
    page = client.get("/log/verify_record.pyz")
    assert page.content == verifier_program() and "attachment" in page["Content-Disposition"]


# --- An earlier proof -------------------------------------------------------------------------------------------------


@pytest.fixture
def later(hanako, reporter, proof):
    """A proof of the record as it is two rows later, which shows that the log goes on from the earlier one."""
    record_disclosures(events=[an_event(f"later-{number}") for number in range(2)], by=reporter)
    seal_and_sign()
    file = proof.with_name("later.json")
    file.write_text(json.dumps(record_proof(hanako, 4), ensure_ascii=False))
    return file


def test_later_file_that_holds_the_rows_of_the_earlier_one(proof, later):
    status, said = verify_record(later, "--before", proof)
    assert status == 0 and "All 3 rows of the earlier file are there" in said and "2 rows are new" in said
    assert verify_record(proof, "--before", proof)[0] == 0, "a file continues itself"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda document: document["rows"].pop(1), "Row 2"),
        (lambda document: document.update(consistency=["A" * 43 + "="]), "not the beginning"),
        (lambda document: document["consistency"].append("A" * 43 + "="), "too long"),
    ],
)
def test_later_file_that_does_not_continue_the_earlier_one(proof, later, change, says):
    changed(later, change)
    status, said = verify_record(later, "--before", proof)
    assert status == 1 and says in said


def test_files_in_the_wrong_order_and_of_two_logs_are_told(proof, later, hanako):
    assert verify_record(proof, "--before", later)[0] == 1
    changed(proof, lambda document: document["rows"][0]["event"].update(ground="law"))
    status, said = verify_record(later, "--before", proof)
    assert status == 1 and "the earlier one: Row 1" in said


def test_record_that_was_sealed_anew_in_between_is_told(proof, hanako):
    PersonKey.objects.update(state=SequenceState.FORMER)
    record_grew(RowKind.DISCLOSURE, hanako.disclosures.values_list("person_id", "id"))
    seal_and_sign()
    later = proof.with_name("later.json")
    later.write_text(json.dumps(record_proof(hanako, 4)))
    assert verify_record(later)[0] == 0
    status, said = verify_record(later, "--before", proof)
    assert status == 1 and "another key" in said


def test_file_that_does_not_show_it_says_where_it_is_read(proof, later, monkeypatch, client):
    changed(later, lambda document: document.update(consistency=[]))
    status, said = verify_record(later, "--before", proof)
    assert status == 2 and "--log" in said and "?seen=4" in said
    monkeypatch.setattr("privacycenter.log.__main__.fetching", fetching_from(client))
    assert verify_record(later, "--before", proof, "--log", "https://privacy.example/log")[0] == 0
    assert verify_record(later, "--before", proof, "--log", "https://privacy.example/nothing")[0] == 2


def test_row_that_was_removed_in_between_is_told_from_a_hidden_one(tmp_path):
    log, before, after = MemoryLog(), tmp_path / "before.json", tmp_path / "after.json"
    log.add("hanako", "hanako")
    log.add_others(300)
    aged = log.size
    before.write_text(json.dumps(log.proof("hanako")))
    log.add("hanako")
    document = log.proof("hanako", aged)
    row = log.people["hanako"][0]
    document["rows"][0] = {
        "index": row["index"], "path": document["rows"][0]["path"], "commitment": encoded(row["commitment"])
    }  # fmt: skip
    old = {"checkpoint": log.signed(aged, AT - KEPT_SECONDS - 10), "consistency": document["consistency"]}
    after.write_text(json.dumps({**document, "aged": old}))
    status, said = verify_record(after, "--before", before)
    assert status == 0 and "Removed since then" in said and "rows 1." in said
    after.write_text(json.dumps(document))
    assert verify_record(after, "--before", before)[0] == 1


def test_program_compares_too(proof, later, tmp_path):
    program = tmp_path / "verify_record.pyz"
    program.write_bytes(verifier_program())
    run = [sys.executable, program, later, "--before", proof]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "") and "All 3 rows" in done.stdout


def test_proof_of_one_row_is_checked(hanako, reporter, tmp_path):
    record_disclosures(events=[an_event("e-1")], by=reporter)
    seal_and_sign()
    named = RowKind.DISCLOSURE, (hanako.pk, hanako.disclosures.get().id)
    file = tmp_path / "answer.json"
    file.write_text(json.dumps({"id": "e-1", "proof": openings_of(hanako, [named])[named].proof}))
    status, said = verify_record(file)
    assert status == 0 and f"the disclosure {hanako.disclosures.get().id} of" in said
    changed(file, lambda document: document["proof"]["event"].update(recipient="another"))
    status, said = verify_record(file)
    assert status == 1 and "not what is in the log" in said


# --- The monitor ------------------------------------------------------------------------------------------------------


@pytest.fixture
def served(monkeypatch, client):
    monkeypatch.setattr(watch_log, "fetching", fetching_from(client))


def watch(*arguments) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("watch_log", "https://privacy.example/log", *map(str, arguments), stdout=out)
    except SystemExit as ended:
        return ended.code, out.getvalue()
    except CommandError as error:
        return error.returncode, str(error)
    return 0, out.getvalue()


def test_monitor_says_that_everything_fits_and_remembers_it(served, proof, tmp_path, reporter):
    state = tmp_path / "state.json"
    status, said = watch("--state", state, "--key", log_signer().verifier)
    assert status == 0 and "3 rows. Everything fits." in said
    record_disclosures(events=[an_event("more")], by=reporter)
    seal_and_sign()
    assert watch("--state", state)[0] == 0
    state.write_text(json.dumps({"origin": "x", "size": 2, "root": "A" * 43 + "="}))
    status, said = watch("--state", state)
    assert status == 1 and "does not continue" in said
    state.write_text(json.dumps({"origin": "x", "size": 100, "root": "A" * 43 + "="}))
    assert "had 100 before" in watch("--state", state)[1]


def test_monitor_says_what_it_cannot_read(served, db):
    assert watch()[0] == 2
    with pytest.raises(CommandError):
        call_command("watch_log", "ftp://privacy.example")


# --- What was there before --------------------------------------------------------------------------------------------


def test_what_was_there_before_the_log_is_sealed_once(hanako, taro, reporter, withdrawal):
    OutboxRow.objects.filter(topic="record.grew").delete()
    for _again in range(2):
        out = io.StringIO()
        call_command("seal_ledger", stdout=out)
    assert "0 sealed now" in out.getvalue() and "Nothing new to sign." in out.getvalue()
    assert checked(hanako).rows == LogEntry.objects.count() == LogState.objects.get().size - 1 == 4
    assert PersonKey.objects.count() == 1
