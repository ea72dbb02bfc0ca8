"""The worker records an upload: through the same action as the API, each line once, whatever happens meanwhile."""

import gzip
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from disclosures.bulk_uploads import reading, recording_actions
from disclosures.bulk_uploads.recording_actions import note_extent, record_some
from disclosures.models import Conflict, Disclosure, DisclosureUpload, RejectedReport, UploadBatch, UploadPart
from disclosures.reporters.actions import change_reporter, stop_reporter
from disclosures.reporters.pause_actions import pause_reporter, resume_reporter
from privacycenter.models import OutboxRow, StoredFile
from privacycenter.outbox.working import work_off
from privacycenter.storage import files
from privacycenter.storage.s3_store import StoreFailedError
from tests.support.api import Api, cloud_correction, cloud_event
from tests.support.bulk_uploads import UPLOADS, json_lines, recorded, results_of, send_part, state_of, uploaded
from tests.support.bulk_uploads import announce as announced
from tests.support.clock import clock_at
from tests.support.database import address_of_test_database, at_once
from tests.support.processes import kill_all, wait_until

pytestmark = pytest.mark.django_db
MANAGE = Path(django_settings.BASE_DIR) / "manage.py"


def many(count, start=0) -> bytes:
    return json_lines(*(cloud_event(f"event-{n}", subject=f"person-{n % 7}") for n in range(start, start + count)))


@pytest.fixture
def small_batches(monkeypatch):
    """Three lines in a transaction, two transactions in a stretch."""
    monkeypatch.setattr(recording_actions, "LARGEST_BATCH", 3)
    monkeypatch.setattr(recording_actions, "BATCHES_AT_ONCE", 2)


@pytest.mark.parametrize("compress", [False, True])
@pytest.mark.parametrize("part_bytes", [97, 1024 * 1024])
def test_every_line_is_recorded_and_the_bytes_are_gone(api, small_batches, compress, part_bytes):
    upload = recorded(api, many(20), compress=compress, part_bytes=part_bytes)
    assert upload["state"] == "recorded" and upload["problem"] is None
    assert upload["lines"] == {
        "total": 20, "done": 20, "created": 20, "duplicate": 0, "conflict": 0, "invalid": 0, "flagged": 20
    } | {"flagged": Disclosure.objects.filter(flags__gt=0).count()}  # fmt: skip
    assert Disclosure.objects.count() == 20
    assert not StoredFile.objects.exists() and not UploadPart.objects.exists()


def test_each_line_has_its_result_with_problem_and_field(api, disclosure):
    lines = [
        json.dumps(cloud_event("new")),
        "",
        json.dumps(cloud_event("event-1")),
        json.dumps(cloud_event("event-1", recipient="komorebi-toge")),
        json.dumps(cloud_event("wrong", recipient="nobody")),
        "{",
        json.dumps({"id": "no-event"}),
        json.dumps(cloud_correction(disclosure.id)),
    ]
    id = recorded(api, "\r\n".join(lines).encode())["id"]
    found = results_of(api, id)
    assert [(one["line"], one["id"], one["status"]) for one in found] == [
        (1, "new", "created"), (3, "event-1", "duplicate"), (4, "event-1", "conflict"), (5, "wrong", "invalid"),
        (6, "", "invalid"), (7, "", "invalid"), (8, "correction-1", "created"),
    ]  # fmt: skip
    assert [one["problem"].get("field", "") for one in found if "problem" in one] == [
        "data.recipient", "", "specversion",
    ]  # fmt: skip
    assert found[0]["disclosure"] == str(Disclosure.objects.get(event_id="new").id) and "correction" in found[-1]
    assert Conflict.objects.count() == RejectedReport.objects.count() == 1


@pytest.mark.parametrize(
    ("line", "detail"),
    [
        (b"\xff\xfe", "The line is not UTF-8."),
        (b'"' + b"x" * (1024 * 1024) + b'"', "The line is longer than 1048576 bytes."),
        (b'{"id": "\\ud800"}', None),
    ],
)
def test_line_that_cannot_be_read_stops_none_of_the_others(api, line, detail):
    id = recorded(api, json_lines(cloud_event("a")) + line + b"\n" + json_lines(cloud_event("b")))["id"]
    statuses = [(one["line"], one["status"]) for one in results_of(api, id)]
    assert statuses == [(1, "created"), (2, "invalid"), (3, "created")]
    if detail:
        assert results_of(api, id, "?status=invalid")[0]["problem"]["detail"] == detail


def test_byte_order_mark_and_a_missing_last_line_end_are_fine(api):
    content = b"\xef\xbb\xbf" + many(2).rstrip(b"\n")
    assert recorded(api, content)["lines"]["created"] == 2


def test_same_file_again_is_all_duplicates(api):
    recorded(api, many(3))
    assert recorded(api, many(3))["lines"]["duplicate"] == 3
    assert Disclosure.objects.count() == 3


def test_results_are_paged_and_filtered(api, small_batches):
    content = many(7) + b"{}\n" + many(4) + b"{}\n"
    id = recorded(api, content)["id"]
    first = api.get(f"{UPLOADS}/{id}/lines?limit=5").json()
    second = api.get(f"{UPLOADS}/{id}/lines?limit=5&after={first['next']}").json()
    third = api.get(f"{UPLOADS}/{id}/lines?limit=5&after={second['next']}").json()
    assert [one["line"] for page in (first, second, third) for one in page["data"]] == list(range(1, 14))
    assert [page["has_more"] for page in (first, second, third)] == [True, True, False]
    assert [one["line"] for one in results_of(api, id, "?status=invalid")] == [8, 13]
    assert [one["line"] for one in results_of(api, id, "?status=duplicate&after=9")] == [10, 11, 12]
    nothing = api.get(f"{UPLOADS}/{id}/lines?after=13").json()
    assert nothing == {"data": [], "next": 13, "has_more": False}


def test_report_is_a_file_of_json_lines(api, small_batches):
    id = recorded(api, many(7) + b"{}\n")["id"]
    answer = api.get(f"{UPLOADS}/{id}/report")
    assert answer["Content-Type"] == "application/jsonl; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="upload-{id}.jsonl"'
    assert [json.loads(line) for line in answer.getvalue().splitlines()] == results_of(api, id)
    only = api.get(f"{UPLOADS}/{id}/report?status=invalid").getvalue()
    assert [json.loads(line)["line"] for line in only.splitlines()] == [8]


def test_head_of_a_streamed_report_is_its_get_without_the_body(client, api, small_batches):
    path = f"{UPLOADS}/{recorded(api, many(7))['id']}/report"
    answer = api.get(path)
    head = client.head(f"/api/v1{path}", headers={"Authorization": f"Bearer {api.token}"})
    assert (head.status_code, head.getvalue()) == (200, b"") and answer.getvalue()
    assert {name: head[name] for name in ("Content-Type", "Content-Disposition")} == {
        name: answer[name] for name in ("Content-Type", "Content-Disposition")
    }


def test_line_with_two_members_of_one_name_is_refused(api, small_batches):
    line = json.dumps(cloud_event())[:-1] + ', "subject": "subject-taro"}\n'
    id = recorded(api, line.encode())["id"]
    [one] = results_of(api, id)
    assert (one["status"], Disclosure.objects.count()) == ("invalid", 0)


@pytest.mark.parametrize("query", ["?status=lost", "?after=-1", "?limit=0", "?limit=1001"])
def test_question_about_lines_that_makes_no_sense_is_refused(api, query):
    id = recorded(api, many(1))["id"]
    assert api.get(f"{UPLOADS}/{id}/lines{query}").status_code == 422


# --- Files that are not what they say ---------------------------------------------------------------------------------


def failed(api, content, **more) -> tuple[str, int]:
    """The kind of problem of an upload that failed, and how many lines were recorded."""
    upload = recorded(api, content, **more)
    assert upload["state"] == "failed" and not StoredFile.objects.exists()
    return upload["problem"]["type"].rpartition(":")[2], upload["lines"]["done"]


def gzipped(api, content) -> str:
    id = announced(api, content, encoding="gzip").json()["id"]
    send_part(api, id, 0, content)
    api.post(f"{UPLOADS}/{id}/completions", {})
    work_off()
    upload = state_of(api, id)
    assert not Disclosure.objects.exists()
    return upload["problem"]["type"].rpartition(":")[2] if upload["problem"] else upload["state"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: whole[:-9],
        lambda whole: b"no gzip",
        lambda whole: whole + b"x",
        lambda whole: whole[:40] + bytes([whole[40] ^ 1]) + whole[41:],
    ],
)
def test_damaged_gzip_is_noticed_before_anything_is_recorded(api, damage):
    assert gzipped(api, damage(gzip.compress(many(50)))) == "not-gzip"


def test_gzip_of_several_members_is_one_file(api):
    content = gzip.compress(many(2)) + gzip.compress(many(2, start=2))
    id = announced(api, content, encoding="gzip").json()["id"]
    send_part(api, id, 0, content)
    api.post(f"{UPLOADS}/{id}/completions", {})
    work_off()
    assert state_of(api, id)["lines"]["created"] == 4


def test_file_that_is_not_the_announced_one_is_noticed_before_anything_is_recorded(api):
    content = many(3)
    other = content.replace(b"event-1", b"event-9")
    id = announced(api, content).json()["id"]
    send_part(api, id, 0, other)
    api.post(f"{UPLOADS}/{id}/completions", {})
    work_off()
    assert state_of(api, id)["problem"]["type"].endswith("digest-differs") and not Disclosure.objects.exists()


def test_gzip_bomb_is_stopped(api, settings):
    settings.UPLOAD_MB = 1
    assert gzipped(api, gzip.compress(b"x" * (17 * 1024 * 1024))) == "body-too-large"


def test_gzip_bomb_of_one_line_is_not_read_to_its_end(api, settings):
    settings.UPLOAD_MB = 1
    with mock.patch.object(gzip.GzipFile, "read", autospec=True, side_effect=gzip.GzipFile.read) as read:
        upload = recorded(api, b"x" * (64 * 1024 * 1024), compress=True)
    assert upload["state"] == "failed" and upload["problem"]["status"] == 413 and upload["lines"]["done"] == 0
    assert read.call_count * reading.BUFFER_BYTES < 20 * 1024 * 1024


def test_too_many_lines_are_refused(api, monkeypatch):
    monkeypatch.setattr("disclosures.bulk_uploads.reading.MOST_LINES", 2)
    assert failed(api, many(3)) == ("body-too-large", 0)


def test_part_that_is_lost_fails_the_upload(api):
    id = uploaded(api, many(3))
    files.remove(UploadPart.objects.get().file_name)
    work_off()
    assert state_of(api, id)["state"] == "failed"


# --- What happens meanwhile -------------------------------------------------------------------------------------------


def stretch(id) -> None:
    record_some(upload=note_extent(upload=DisclosureUpload.objects.get(pk=id)))


def test_stretches_follow_each_other_until_all_is_recorded(api, small_batches):
    id = uploaded(api, many(14))
    stretch(id)
    assert (state_of(api, id)["state"], state_of(api, id)["lines"]["done"]) == ("recording", 6)
    assert OutboxRow.objects.filter(topic="upload.to_record").count() == 2
    work_off()
    assert state_of(api, id)["lines"]["created"] == 14 and state_of(api, id)["state"] == "recorded"
    assert [(one.first_line, one.last_line) for one in UploadBatch.objects.order_by("first_line")] == [
        (1, 3), (4, 6), (7, 9), (10, 12), (13, 14),
    ]  # fmt: skip


def test_cancelled_in_the_middle_what_is_recorded_stays(api, small_batches):
    id = uploaded(api, many(14))
    stretch(id)
    api.post(f"{UPLOADS}/{id}/cancellations", {})
    work_off()
    assert state_of(api, id)["state"] == "cancelled" and len(results_of(api, id)) == 6
    assert Disclosure.objects.count() == 6 and not StoredFile.objects.exists()


def test_paused_reporter_waits_and_goes_on(api, reporter, officer, small_batches):
    id = uploaded(api, many(4))
    pause_reporter(reporter=reporter, reason="確かめます。", by=officer)
    work_off()
    assert state_of(api, id)["lines"]["done"] == 0 and not Disclosure.objects.exists()
    resume_reporter(reporter=reporter, reason="だいじょうぶです。", by=officer)
    with clock_at(timezone.now() + recording_actions.PAUSED_FOR):
        work_off()
    assert DisclosureUpload.objects.get().created_count == 4


def test_stopped_reporter_and_one_without_the_scope_record_nothing_more(api, reporter, small_batches):
    ids = [uploaded(api, many(2)), uploaded(api, many(3))]
    change_reporter(reporter=reporter, scopes=["disclosures:read"])
    stretch_done = DisclosureUpload.objects.get(pk=ids[0])
    work_off()
    stretch_done.refresh_from_db()
    assert stretch_done.problem["type"].endswith("insufficient-scope") and not Disclosure.objects.exists()


def test_revoked_reporter_records_nothing_more(api, reporter):
    uploaded(api, many(2))
    stop_reporter(reporter=reporter)
    work_off()
    assert DisclosureUpload.objects.get().problem["type"].endswith("unauthorized")
    assert not Disclosure.objects.exists() and not StoredFile.objects.exists()


def test_store_that_does_not_answer_is_tried_again(api):
    id = uploaded(api, many(2))
    with mock.patch.object(files, "blocks", side_effect=StoreFailedError("away")):
        work_off()
    assert state_of(api, id)["state"] == "waiting"
    with clock_at(timezone.now() + recording_actions.PAUSED_FOR):
        work_off()
    assert DisclosureUpload.objects.get().created_count == 2


def test_batch_that_fails_leaves_position_and_results_as_they_were(api, small_batches):
    id = uploaded(api, many(7))
    with mock.patch.object(recording_actions, "keep_results", side_effect=RuntimeError), pytest.raises(RuntimeError):
        stretch(id)
    upload = DisclosureUpload.objects.get()
    assert (upload.done_lines, upload.created_count, Disclosure.objects.count()) == (0, 0, 0)


@pytest.mark.concurrency
def test_two_workers_at_once_record_each_line_once(world, reporter, small_batches):
    api = Api(reporter)
    id = uploaded(api, many(30))
    note_extent(upload=DisclosureUpload.objects.get(pk=id))
    at_once(*[lambda: stretch(id)] * 3)
    work_off()
    upload = state_of(api, id)
    assert (upload["lines"]["created"], upload["lines"]["duplicate"]) == (30, 0)
    assert [one["line"] for one in results_of(api, id)] == list(range(1, 31))


@pytest.mark.concurrency
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_worker_killed_in_the_middle_loses_and_repeats_nothing(world, reporter):
    api = Api(reporter)
    id = uploaded(api, many(6000), compress=True)
    environment = {**os.environ, "DEMO": "1", "DATABASE_URL": address_of_test_database()}
    command = [sys.executable, "-W", "ignore", MANAGE, "work"]
    worker = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    upload = DisclosureUpload.objects.get(pk=id)

    def has_begun() -> bool:
        upload.refresh_from_db()
        return upload.done_lines > 0

    wait_until(has_begun)
    os.kill(worker.pid, signal.SIGKILL)
    kill_all(worker)
    upload.refresh_from_db()
    assert upload.done_lines == upload.created_count == Disclosure.objects.count()
    with clock_at(timezone.now() + recording_actions.PAUSED_FOR):
        work_off()
    upload.refresh_from_db()
    assert (upload.created_count, upload.duplicate_count, Disclosure.objects.count()) == (6000, 0, 6000)
    assert len(api.get(f"{UPLOADS}/{id}/report").getvalue().splitlines()) == 6000
