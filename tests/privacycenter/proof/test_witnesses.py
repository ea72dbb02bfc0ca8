"""Witnesses sign what continues, and nothing else; only what has its quorum is served."""

import threading
import urllib.error
import urllib.request
from http.server import ThreadingHTTPServer

import pytest
from django.core.management import CommandError, call_command

from disclosures.ledger.recording import record_disclosures
from privacycenter.http.safe_http import Answer
from privacycenter.log.note import read_note, signed_at
from privacycenter.log.proving import consistency, tree_of
from privacycenter.management.commands.witness import handler_of, logs_in
from privacycenter.models import Cosignature, LogCheckpoint, OutboxRow, WitnessedLog
from privacycenter.outbox.followers import Lane
from privacycenter.outbox.working import work_off
from privacycenter.proof import witness_client
from privacycenter.proof.checkpoint_actions import full_note, sign_checkpoint
from privacycenter.proof.keys import log_signer
from privacycenter.proof.queries import served_checkpoint
from privacycenter.proof.witness_actions import add_checkpoint
from tests.support.events import an_event
from tests.support.log import checked, seal_and_sign
from tests.support.memory_log import LOG, ORIGIN, TRUST, WITNESS, MemoryLog, key_of

pytestmark = pytest.mark.django_db
LOGS = {ORIGIN: LOG.verifier}


def asked(log, old_size, size=None, path=None):
    note = MemoryLog.signed(log, size) if size else log.signed()
    path = consistency(tree_of(log.store, size or log.size), old_size) if path is None else path
    return "\n".join([f"old {old_size}", *path, "", note])


def ask(body) -> tuple[int, str]:
    answered = add_checkpoint(body=body, logs=LOGS, witness=WITNESS)
    return answered.status, answered.text


@pytest.fixture
def log():
    made = MemoryLog(witness=None)
    made.add_others(300)
    return made


def test_witness_signs_what_continues_and_remembers_it(log):
    status, line = ask(asked(log, 0))
    assert status == 200
    note = read_note(f"{log.checkpoint().text}\n{line}")
    assert signed_at(note, WITNESS.verifier) > 1_700_000_000
    row = WitnessedLog.objects.get()
    assert (row.size, bytes(row.root)) == (log.size, log.checkpoint().root)
    before = log.size
    log.add_others(500)
    assert ask(asked(log, before))[0] == 200
    assert WitnessedLog.objects.get().size == log.size


def test_witness_that_signed_another_size_says_which(log):
    ask(asked(log, 0))
    size = log.size
    log.add_others(5)
    assert ask(asked(log, 0)) == (409, f"{size}\n")
    assert ask(asked(log, 100)) == (409, f"{size}\n")


def test_witness_signs_no_fork(log):
    ask(asked(log, 0))
    size, fork = log.size, MemoryLog(witness=None)
    fork.add("somebody")
    fork.add_others(500)
    assert ask(asked(fork, size))[0] == 422
    log.add_others(5)
    assert ask(asked(log, size, path=[]))[0] == 422
    assert WitnessedLog.objects.get().size == size


@pytest.mark.parametrize(
    ("body", "status"),
    [("", 400), ("old\n\nx", 400), ("old 01\n\nx", 400), ("old -1\n\nx", 400), ("old 0\nnot base64\n\nx", 400),
     ("old 0\nAAAA\n\nx", 400), ("old 0\n\nanother.example/log\n1\nx\n", 404)],
)  # fmt: skip
def test_something_else_is_refused(body, status):
    assert ask(body)[0] == status and not WitnessedLog.objects.filter(size__gt=0).exists()


def test_checkpoint_that_the_log_did_not_sign_is_refused(log):
    stranger = MemoryLog(signer=type(LOG)(ORIGIN, key_of("stranger")), witness=None)
    stranger.add_others(3)
    assert ask(asked(stranger, 0))[0] == 403
    assert ask(asked(log, 0).replace("old 0", f"old {log.size + 1}"))[0] == 400


# --- This site's own log, and its witness -----------------------------------------------------------------------------


@pytest.fixture
def witnessed(settings, monkeypatch, reporter):
    """A witness that answers to the client, without a network: what was sent, and what it answers instead."""
    name = settings.LOG_ORIGIN
    settings.LOG_POLICY = f"witness w {WITNESS.verifier} https://witness.example/w\nquorum w\n"
    sent: list[str] = []
    instead: list[Answer] = []

    def post(url, body, headers, **more):
        sent.append(f"{url} {body.decode().splitlines()[0]}")
        if instead:
            return instead.pop()
        answered = add_checkpoint(body=body.decode(), logs={name: log_signer().verifier}, witness=WITNESS)
        return Answer(answered.status, "", answered.text, 1)

    monkeypatch.setattr(witness_client.safe_http, "post", post)
    return sent, instead


def grow(reporter, name="e-1"):
    record_disclosures(events=[an_event(name)], by=reporter)
    seal_and_sign()


def test_only_a_checkpoint_with_its_quorum_is_served(hanako, reporter, witnessed, client):
    sent, _instead = witnessed
    grow(reporter)
    assert LogCheckpoint.objects.count() == 1 and served_checkpoint() is None
    assert client.get("/log/checkpoint").status_code == 404
    work_off()
    assert sent == ["https://witness.example/w/add-checkpoint old 0"]
    assert checked(hanako).witnessed_at > 1_700_000_000
    assert client.get("/log/checkpoint").content.decode() == full_note(served_checkpoint())
    grow(reporter, "e-2")
    work_off()
    assert sent[-1].endswith("old 2") and checked(hanako).rows == 2


def test_witness_that_knows_another_size_is_asked_again_from_there(reporter, witnessed):
    sent, instead = witnessed
    grow(reporter)
    work_off()
    grow(reporter, "e-2")
    instead.append(Answer(409, "", "2\n", 1))
    work_off()
    assert [one.split()[-1] for one in sent] == ["0", "2", "2"] and Cosignature.objects.count() == 2


@pytest.mark.parametrize("status", [None, 403, 422, 500, 200])
def test_witness_that_does_not_sign_is_asked_again_later(reporter, witnessed, status):
    _sent, instead = witnessed
    grow(reporter)
    instead.append(Answer(status, "timeout", "nothing useful", 1))
    work_off()
    row = OutboxRow.objects.get(topic="checkpoint.signed")
    assert "answered" in row.last_error
    assert not Cosignature.objects.exists()


def test_checkpoint_that_is_not_the_newest_is_passed_over(reporter, witnessed):
    sent, _instead = witnessed
    for name in ("e-1", "e-2"):
        record_disclosures(events=[an_event(name)], by=reporter)
        work_off(Lane.TOGETHER)
        sign_checkpoint()
    work_off()
    assert len(sent) == 1 and Cosignature.objects.get().checkpoint.size == 3


# --- The command ------------------------------------------------------------------------------------------------------


def test_command_serves_a_witness(tmp_path, log, monkeypatch, capsys, transactional_db):
    file = tmp_path / "logs"
    file.write_text(f"log {LOG.verifier}\n")
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(logs_in(str(file)), WITNESS))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_port}"
        with urllib.request.urlopen(f"{url}/add-checkpoint", asked(log, 0).encode()) as answer:
            assert answer.status == 200 and answer.read().decode().startswith("— witness.example/w ")
        for path, body in (("/other", b"x"), ("/add-checkpoint", b"\xff")):
            with pytest.raises(urllib.error.HTTPError):
                urllib.request.urlopen(f"{url}{path}", body)
    finally:
        server.shutdown()
        server.server_close()
    assert TRUST.policy.is_witnessed


@pytest.mark.parametrize("key", ["", "short", "ü"])
def test_command_says_what_is_wrong_with_its_key(monkeypatch, key):
    monkeypatch.setenv("WITNESS_SIGNING_KEY", key)
    with pytest.raises(CommandError, match="WITNESS_SIGNING_KEY"):
        call_command("witness", "a.example/w")


def test_command_names_the_file_that_it_cannot_use(tmp_path, monkeypatch):
    monkeypatch.setenv("WITNESS_SIGNING_KEY", "A" * 43)
    for text in (None, "nothing", "quorum none"):
        file = tmp_path / "logs"
        if text is not None:
            file.write_text(text)
        with pytest.raises(CommandError, match="logs"):
            call_command("witness", "a.example/w", "--logs", str(file), "--port", "0")
