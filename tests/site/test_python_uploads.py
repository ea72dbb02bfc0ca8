"""The Python client's uploads against a site that is served: in parts, gone on with after a kill, a report per line."""

import gzip
import json
import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings
from privacycenter_client import NoAnswer, ReporterClient, ServiceError, Uploads, write_lines
from privacycenter_client.uploads import as_sent, measured

from tests.support.api import cloud_event
from tests.support.own_sites import own_site
from tests.support.sites import PREPARE

# What is killed is the client.
pytestmark = pytest.mark.once
# More than one part as it is, far less than one compressed.
MANY = 3400
SENDER = """
import sys, time
from privacycenter_client import ReporterClient, Uploads
api, client_id, secret, outbox, path = sys.argv[1:]
uploads = Uploads(ReporterClient(api, client_id, secret, outbox=outbox))
uploads.send(path, compress=False, progress=lambda one: (print(one.received_bytes, flush=True), time.sleep(60)))
"""


@pytest.fixture
def site(db, tmp_path):
    made = own_site(tmp_path)
    yield made
    made.remove()


class OverABadLine(ReporterClient):
    """Its first parts arrive otherwise than they were sent, and the answers to others are lost."""

    def __init__(self, *known, **more) -> None:
        super().__init__(*known, **more)
        self.sent: list[str] = []

    def send(self, method, path, body, content_type, more):
        self.sent.append(f"{method} {path.partition('/parts/')[2]}")
        parts = sum(one.startswith("PUT") for one in self.sent)
        if method == "PUT" and parts == 1:
            body = body[:-1] + bytes([body[-1] ^ 1])
        answer = super().send(method, path, body, content_type, more)
        if method == "PUT" and parts in (2, 4):
            raise OSError("the answer is lost")
        return answer


@pytest.fixture
def client(site, tmp_path):
    client_id, secret = json.loads(site.script(PREPARE))
    made = OverABadLine(site.serve(), client_id, secret, outbox=str(tmp_path / "o.sqlite3"), sleep=lambda _: None)
    yield made
    made.close()


def lines_file(path, *more) -> list[dict]:
    events = [
        cloud_event(f"e{number}", evidence={"kind": "act", "reference": f"R-{number:06}"}) for number in range(MANY)
    ]
    write_lines(path, [*events, *more])
    return events


def test_file_is_sent_over_a_bad_line_and_each_line_has_its_result(client, tmp_path):
    lines_file(tmp_path / "a.jsonl", cloud_event("e0"), cloud_event("x", recipient="nobody"), {"id": "y"})
    uploads, seen = Uploads(client), []
    sent = uploads.send(tmp_path / "a.jsonl", compress=False, progress=seen.append)
    assert sent.encoding == "identity" and sent.size_bytes > sent.part_bytes
    # The first arrived otherwise, the answer to the second was lost; likewise of the part after it.
    assert [one for one in client.sent if one.startswith("PUT")][:3] == ["PUT 0", "PUT 0", "PUT 0"]
    assert seen[-1].received_bytes == sent.size_bytes
    done = uploads.wait(sent.id, every_seconds=0.2, timeout_seconds=300)
    assert done.is_recorded and done.problem is None
    assert (done.lines.total, done.lines.created, done.lines.duplicate, done.lines.conflict) == (MANY + 3, MANY, 0, 1)
    lines = list(uploads.lines(sent.id))
    assert [one.line for one in lines] == list(range(1, MANY + 4))
    assert lines[0].status == "created" and lines[0].row and lines[0].problem is None
    wrong = list(uploads.lines(sent.id, status="invalid"))
    assert [(one.line, one.id, one.problem["field"]) for one in wrong] == [
        (MANY + 2, "x", "data.recipient"), (MANY + 3, "", "specversion"),
    ]  # fmt: skip
    assert [one.line for one in uploads.lines(sent.id, after=MANY)] == [MANY + 1, MANY + 2, MANY + 3]

    # The same again, compressed: all of it is known, and it is another upload.
    again = uploads.wait(uploads.send(tmp_path / "a.jsonl").id, every_seconds=0.2, timeout_seconds=300)
    assert again.encoding == "gzip" and again.size_bytes < again.part_bytes
    assert (again.lines.created, again.lines.duplicate) == (0, MANY)
    assert [one.id for one in uploads.all()] == [again.id, sent.id]
    with pytest.raises(ServiceError):
        uploads.cancel(sent.id)


def test_sender_that_is_killed_goes_on_where_the_service_is(client, tmp_path):
    lines_file(tmp_path / "a.jsonl")
    command = [sys.executable, "-c", SENDER, client.api, client.client_id, client.secret, str(tmp_path / "p.sqlite3"),
               str(tmp_path / "a.jsonl")]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(settings.BASE_DIR / "clients" / "python")}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as sender:
        received = int(sender.stdout.readline())
        os.kill(sender.pid, signal.SIGKILL)
    calm = ReporterClient(client.api, client.client_id, client.secret, outbox=str(tmp_path / "q.sqlite3"))
    uploads, parts = Uploads(calm), []
    assert next(uploads.all()).received_bytes == received > 0
    sent = uploads.send(tmp_path / "a.jsonl", compress=False, progress=parts.append)
    assert len(parts) == 1 and len(list(uploads.all())) == 1
    assert uploads.wait(sent.id, every_seconds=0.2, timeout_seconds=300).lines.created == MANY
    calm.close()


def test_upload_that_is_cancelled_or_damaged_says_so(client, tmp_path):
    uploads = Uploads(client)
    write_lines(tmp_path / "a.jsonl.gz", [cloud_event("a")])
    content = (tmp_path / "a.jsonl.gz").read_bytes()
    (tmp_path / "b.gz").write_bytes(content[:-6])
    failed = uploads.wait(uploads.send(tmp_path / "b.gz").id, every_seconds=0.2, timeout_seconds=300)
    assert failed.state == "failed" and not failed.is_recorded and failed.problem["type"]
    told = {"size_bytes": 9, "sha256": "0" * 64, "encoding": "identity"}
    begun = client.call("POST", "/disclosure-uploads", told)["id"]
    with pytest.raises(NoAnswer, match="still receiving"):
        uploads.wait(begun, timeout_seconds=0)
    assert uploads.cancel(begun).state == "cancelled" and uploads.wait(begun).has_ended


# --- The file -------------------------------------------------------------------------------------------------------


def test_same_events_make_the_same_bytes(tmp_path):
    events = [cloud_event("a"), cloud_event("件")]
    for name in ("a.jsonl", "a.jsonl.gz"):
        assert write_lines(tmp_path / name, iter(events)) == 2
        first = (tmp_path / name).read_bytes()
        write_lines(tmp_path / name, events)
        assert (tmp_path / name).read_bytes() == first
    assert gzip.decompress(first) == (tmp_path / "a.jsonl").read_bytes()
    assert [json.loads(line) for line in gzip.decompress(first).splitlines()] == events


def test_file_is_sent_as_it_is_or_compressed_alike_each_time(tmp_path):
    (tmp_path / "plain").write_bytes(b"{}\n" * 1000)
    (tmp_path / "packed").write_bytes(gzip.compress(b"{}\n"))
    found = []
    for _time in range(2):
        with as_sent(tmp_path / "plain", compress=True) as (file, encoding):
            found.append((encoding, measured(file)))
    assert found[0] == found[1] and found[0][0] == "gzip" and found[0][1][0] < 100
    with as_sent(tmp_path / "plain", compress=False) as (file, encoding):
        assert (encoding, measured(file)[0]) == ("identity", 3000)
    with as_sent(tmp_path / "packed", compress=True) as (file, encoding):
        assert (encoding, measured(file)[0]) == ("gzip", (tmp_path / "packed").stat().st_size)


def test_empty_file_is_refused(tmp_path):
    (tmp_path / "empty").touch()
    uploads = Uploads(ReporterClient("https://x.example", "a", "b", outbox=str(tmp_path / "o.sqlite3")))
    for compress in (True, False):
        with pytest.raises(ValueError, match="empty"):
            uploads.send(tmp_path / "empty", compress=compress)
    uploads.caller.close()
