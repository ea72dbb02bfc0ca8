"""verify_record, watch_log and seal_ledger, and the program that needs no Django."""

import io
import json
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from disclosures.ledger.recording import record_disclosures
from privacycenter.management.commands import watch_log
from privacycenter.models import LogEntry, LogState, OutboxRow, PersonKey
from privacycenter.proof.keys import log_signer
from privacycenter.proof.program import verifier_program
from tests.support.events import an_event
from tests.support.log import checked, record_proof, seal_and_sign

pytestmark = pytest.mark.django_db


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


# --- The monitor ------------------------------------------------------------------------------------------------------


@pytest.fixture
def served(monkeypatch, client):
    def fetching(url):
        def fetch(path):
            response = client.get(f"/log/{path}")
            if response.status_code != 200:
                raise OSError(f"{path}: {response.status_code}")
            return response.content

        return fetch

    monkeypatch.setattr(watch_log, "fetching", fetching)


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
