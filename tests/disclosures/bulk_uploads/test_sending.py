"""A file is sent in parts: resumed where it stopped, harmless when repeated, refused when it is not what it says."""

import base64
import gzip
import hashlib
from unittest import mock
from uuid import UUID

import pytest
from django.utils import timezone

from disclosures.bulk_uploads import actions, limits
from disclosures.bulk_uploads.retention import purge_uploads
from disclosures.models import Disclosure, DisclosureUpload, UploadPart
from disclosures.reporters.actions import create_reporter
from disclosures.reporters.pause_actions import pause_reporter
from privacycenter.errors import InvalidValue
from privacycenter.models import FileChunk, OutboxRow, StoredFile
from privacycenter.outbox.working import work_off
from privacycenter.storage import files
from privacycenter.storage.s3_store import StoreFailedError
from tests.support.api import Api, cloud_event
from tests.support.bulk_uploads import UPLOADS, announce, json_lines, recorded, send_part, state_of, uploaded
from tests.support.clock import clock_at
from tests.support.database import at_once

pytestmark = pytest.mark.django_db
CONTENT = json_lines(cloud_event("event-1"), cloud_event("event-2"))


def problem_of(answer) -> tuple:
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    return answer.status_code, body["type"].rpartition(":")[2], body.get("field", "")


@pytest.fixture
def begun(api) -> str:
    return announce(api, CONTENT).json()["id"]


@pytest.fixture
def stranger(db) -> Api:
    """Another reporter of the same service."""
    made, made.secret = create_reporter(code="other", title="ほかの予約システム", services=["jalan"])
    return Api(made)


def test_upload_is_begun_once_for_the_same_file(api):
    first, again = announce(api, CONTENT), announce(api, CONTENT)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json() and first.json()["state"] == "receiving"
    assert first.json()["received_bytes"] == 0 and first.json()["part_bytes"] == 1024 * 1024


def test_part_by_part_the_offset_moves_on(api, begun):
    assert send_part(api, begun, 0, CONTENT[:100]).json()["received_bytes"] == 100
    assert state_of(api, begun)["received_bytes"] == 100
    assert send_part(api, begun, 100, CONTENT[100:]).json()["received_bytes"] == len(CONTENT)


def test_part_that_is_sent_again_is_harmless(api, begun):
    for _time in range(2):
        answer = send_part(api, begun, 0, CONTENT[:100])
        assert (answer.status_code, answer.json()["received_bytes"]) == (200, 100)
    assert StoredFile.objects.count() == UploadPart.objects.count() == 1


def test_part_of_another_size_at_a_place_that_is_past_is_told_where_to_go_on(api, begun):
    send_part(api, begun, 0, CONTENT[:100])
    answer = send_part(api, begun, 0, CONTENT[:50])
    assert problem_of(answer) == (409, "wrong-offset", "offset") and answer.json()["received_bytes"] == 100
    assert StoredFile.objects.count() == 1


def test_part_that_leaves_a_gap_is_refused(api, begun):
    assert problem_of(send_part(api, begun, 7, CONTENT[7:])) == (409, "wrong-offset", "offset")


def test_part_beyond_the_announced_end_is_refused(api, begun):
    assert problem_of(send_part(api, begun, 0, CONTENT + b"\n")) == (422, "invalid-value", "offset")


def test_part_that_was_damaged_on_its_way_is_refused_and_not_kept(api, begun):
    answer = send_part(api, begun, 0, CONTENT, digest=hashlib.sha256(b"another").digest())
    assert problem_of(answer) == (422, "digest-differs", "Content-Digest")
    assert not StoredFile.objects.exists() and state_of(api, begun)["received_bytes"] == 0


@pytest.mark.parametrize("header", ["", "sha-256=:bm8=:", "sha-256=:***:", "md5=:1B2M2Y8AsgTpgAmY7PhCfg==:"])
def test_part_needs_a_digest(api, begun, header):
    answer = send_part(api, begun, 0, CONTENT, **{"Content-Digest": header})
    assert problem_of(answer) == (422, "invalid-value", "Content-Digest")


def test_part_of_another_type_an_empty_one_and_one_too_large_are_refused(api, begun):
    assert problem_of(send_part(api, begun, 0, CONTENT, content_type="application/json"))[:2] == (
        415, "wrong-content-type",
    )  # fmt: skip
    assert send_part(api, begun, 0, b"").status_code == 415  # this client names no type where there is nothing
    assert problem_of(send_part(api, begun, 0, b"x" * (1024 * 1024 + 1)))[:2] == (413, "body-too-large")


def test_part_has_a_byte_at_least(reporter, begun):
    with pytest.raises(InvalidValue):
        actions.take_part(upload=UUID(begun), offset=0, content=b"", sha256="", by=reporter)


def test_upload_is_completed_once_and_only_when_all_of_it_has_come(api, begun):
    answer = api.post(f"{UPLOADS}/{begun}/completions", {})
    assert problem_of(answer)[:2] == (409, "upload-incomplete") and answer.json()["received_bytes"] == 0
    send_part(api, begun, 0, CONTENT)
    statuses = [api.post(f"{UPLOADS}/{begun}/completions", {}).status_code for _time in range(2)]
    assert statuses == [201, 200] and state_of(api, begun)["state"] == "waiting"
    assert OutboxRow.objects.filter(topic="upload.to_record").count() == 1
    assert send_part(api, begun, 0, CONTENT).status_code == 200


def test_completed_upload_takes_no_other_part(api):
    id = uploaded(api, CONTENT)
    assert problem_of(send_part(api, id, len(CONTENT), b"more"))[:2] == (409, "upload-closed")


@pytest.mark.parametrize("path", ["", "/lines", "/report", "/completions", "/cancellations", "/parts/0"])
def test_upload_of_another_reporter_is_not_there(stranger, begun, path):
    if path == "/parts/0":
        answer = send_part(stranger, begun, 0, CONTENT)
    elif path.endswith("ions"):
        answer = stranger.post(f"{UPLOADS}/{begun}{path}", {})
    else:
        answer = stranger.get(f"{UPLOADS}/{begun}{path}")
    assert problem_of(answer)[:2] == (404, "not-found")
    assert stranger.get(UPLOADS).json()["data"] == []


@pytest.mark.parametrize("id", ["no-id", "01a2b3c4-d5e6-7f80-9a1b-2c3d4e5f6071"])
def test_upload_that_is_not_there_is_not_found(api, id):
    assert problem_of(api.get(f"{UPLOADS}/{id}"))[:2] == (404, "not-found")


def test_upload_needs_the_scope_and_a_token(reporter, client):
    reading = Api(reporter, scopes=["disclosures:read"])
    assert problem_of(announce(reading, CONTENT))[:2] == (403, "insufficient-scope")
    assert client.get(f"/api/v1{UPLOADS}").status_code == 401


def test_paused_reporter_uploads_nothing_and_may_look(api, reporter, officer, begun):
    pause_reporter(reporter=reporter, reason="確かめます。", by=officer)
    assert problem_of(send_part(api, begun, 0, CONTENT))[:2] == (503, "reporter-paused")
    assert state_of(api, begun)["received_bytes"] == 0


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"size_bytes": 0}, "size_bytes"),
        ({"size_bytes": "7"}, "size_bytes"),
        ({"sha256": "ABC"}, "sha256"),
        ({"encoding": "zip"}, "encoding"),
        ({"name": "x"}, "name"),
    ],
)
def test_upload_that_is_announced_wrongly_is_refused_with_its_field(api, more, field):
    assert problem_of(announce(api, CONTENT, **more)) == (422, "invalid-value", field)


def test_upload_that_is_too_large_is_refused_at_once(api, settings):
    settings.UPLOAD_MB = 1
    answer = announce(api, CONTENT, size_bytes=1024 * 1024 + 1)
    assert problem_of(answer) == (413, "body-too-large", "size_bytes")


def test_reporter_has_so_many_uploads_and_bytes_under_way(api, settings, stranger):
    settings.UPLOAD_MB = 1
    for number in range(limits.MOST_OPEN - 1):
        assert announce(api, bytes([number]), size_bytes=1024 * 1024).status_code == 201
    answer = announce(api, b"more")
    assert problem_of(answer)[:2] == (429, "too-much-uploaded") and answer["Retry-After"]
    assert announce(stranger, b"more").status_code == 201
    newest = api.get(UPLOADS).json()["data"][0]["id"]
    api.post(f"{UPLOADS}/{newest}/cancellations", {})
    assert [announce(api, text).status_code for text in (b"a", b"b", b"c")] == [201, 201, 429]


def test_cancelled_upload_loses_its_bytes_and_takes_no_more(api, begun):
    send_part(api, begun, 0, CONTENT[:100])
    assert [api.post(f"{UPLOADS}/{begun}/cancellations", {}).status_code for _time in range(2)] == [201, 200]
    work_off()
    assert state_of(api, begun)["state"] == "cancelled"
    assert not StoredFile.objects.exists() and not FileChunk.objects.exists() and not UploadPart.objects.exists()
    assert problem_of(send_part(api, begun, 100, CONTENT[100:]))[:2] == (409, "upload-closed")
    assert problem_of(api.post(f"{UPLOADS}/{begun}/completions", {}))[:2] == (409, "upload-closed")


def test_recorded_upload_cannot_be_cancelled(api):
    id = recorded(api, CONTENT)["id"]
    assert problem_of(api.post(f"{UPLOADS}/{id}/cancellations", {}))[:2] == (409, "upload-closed")


def test_upload_that_nobody_completes_expires_with_its_bytes(api, begun):
    send_part(api, begun, 0, CONTENT[:100])
    with clock_at(timezone.now() + limits.TO_COMPLETE):
        work_off()
    assert DisclosureUpload.objects.get().state == 7
    with clock_at(timezone.now() + limits.TO_COMPLETE):
        work_off()
    assert not StoredFile.objects.exists() and not Disclosure.objects.exists()


def test_bytes_lie_encrypted_under_a_name_that_tells_nothing(api, begun):
    send_part(api, begun, 0, CONTENT)
    file = StoredFile.objects.get()
    assert begun not in file.name and b"subject-hanako" not in bytes(FileChunk.objects.get().body)
    assert files.whole(file.name) == CONTENT


def test_store_that_does_not_answer_is_told_and_the_part_is_sent_again(api, begun):
    with mock.patch.object(files, "keep", side_effect=StoreFailedError("away")):
        answer = send_part(api, begun, 0, CONTENT)
    assert problem_of(answer)[:2] == (503, "store-unavailable") and answer["Retry-After"]
    assert send_part(api, begun, 0, CONTENT).json()["received_bytes"] == len(CONTENT)


def test_part_on_its_way_when_the_upload_is_cancelled_is_not_left_behind(api, begun):
    kept = files.keep

    def cancelled_meanwhile(name, content):
        kept(name, content)
        api.post(f"{UPLOADS}/{begun}/cancellations", {})

    with mock.patch.object(files, "keep", side_effect=cancelled_meanwhile):
        assert problem_of(send_part(api, begun, 0, CONTENT))[:2] == (409, "upload-closed")
    assert not StoredFile.objects.exists() and not UploadPart.objects.exists()


def test_part_whose_process_was_killed_after_it_was_cancelled_goes_within_the_hour(api, begun):
    with mock.patch.object(actions, "count_part", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        send_part(api, begun, 0, CONTENT)
    name = UploadPart.objects.get().file_name
    api.post(f"{UPLOADS}/{begun}/cancellations", {})
    work_off()
    files.store().save(name, mock.MagicMock(chunks=lambda size: [b"late"]))
    with clock_at(timezone.now() + actions.ON_ITS_WAY):
        work_off()
    assert not StoredFile.objects.exists() and not UploadPart.objects.exists()


def test_list_is_paged_newest_first(api, monkeypatch):
    monkeypatch.setattr("disclosures.bulk_uploads.queries.PER_PAGE", 2)
    ids = [announce(api, text).json()["id"] for text in (b"a", b"b", b"c")]
    first = api.get(UPLOADS).json()
    second = api.get(f"{UPLOADS}?before={first['next']}").json()
    assert [one["id"] for page in (first, second) for one in page["data"]] == ids[::-1]
    assert (first["has_more"], second["has_more"], second["next"]) == (True, False, None)


def test_upload_and_its_results_are_removed_30_days_after_its_end(api):
    recorded(api, CONTENT)
    now = timezone.now()
    assert purge_uploads(now) == {} and DisclosureUpload.objects.exists()
    later = now + limits.RESULTS_KEPT
    assert purge_uploads(later, dry_run=True) == purge_uploads(later) == {"disclosureupload": 1}
    assert not DisclosureUpload.objects.exists() and Disclosure.objects.count() == 2


@pytest.mark.concurrency
def test_same_part_at_once_counts_once(world, reporter):
    api = Api(reporter)
    id = announce(api, CONTENT).json()["id"]
    answers = at_once(*[lambda: send_part(api, id, 0, CONTENT)] * 4)
    assert [answer.status_code for answer in answers] == [200] * 4
    assert state_of(api, id)["received_bytes"] == len(CONTENT) and StoredFile.objects.count() == 1


@pytest.mark.concurrency
def test_of_different_parts_at_once_one_counts(world, reporter):
    api = Api(reporter)
    id = announce(api, CONTENT).json()["id"]
    answers = at_once(*[lambda size=size: send_part(api, id, 0, CONTENT[:size]) for size in (10, 20, 30)])
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    [part] = UploadPart.objects.all()
    assert files.whole(part.file_name) == CONTENT[: part.size_bytes]
    assert state_of(api, id)["received_bytes"] == part.size_bytes and StoredFile.objects.count() == 1


@pytest.mark.concurrency
def test_uploads_begun_at_once_keep_to_the_limit(world, reporter):
    api = Api(reporter)
    answers = at_once(*[lambda n=n: announce(api, bytes([n])) for n in range(limits.MOST_OPEN + 2)])
    assert sorted(answer.status_code for answer in answers) == [201] * limits.MOST_OPEN + [429] * 2


# --- A part that is compressed on its way ----------------------------------------------------------------------------


def digest_of(content: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"


@pytest.fixture
def compressible(api):
    content = b"{}\n" * 500
    return announce(api, content).json()["id"], content, gzip.compress(content)


def test_digest_of_a_compressed_part_is_of_the_bytes_as_sent(api, compressible):
    id, content, packed = compressible
    sent = send_part(api, id, 0, packed, **{"Content-Encoding": "gzip", "Repr-Digest": digest_of(packed)})
    assert (sent.status_code, sent.json()["received_bytes"]) == (200, len(content))
    again = send_part(api, id, 0, packed, **{"Content-Encoding": "gzip"})
    assert (again.status_code, again.json()["received_bytes"]) == (200, len(content))
    # The same part uncompressed is the same part.
    assert send_part(api, id, 0, content).status_code == 200


@pytest.mark.parametrize("name", ["Content-Digest", "Repr-Digest"])
def test_digest_of_what_a_compressed_part_holds_is_refused(api, compressible, name):
    id, content, packed = compressible
    sent = send_part(api, id, 0, packed, **{"Content-Encoding": "gzip", name: digest_of(content)})
    assert (sent.status_code, sent.json()["type"].rpartition(":")[2], sent.json()["field"]) == (
        422, "digest-differs", name,
    )  # fmt: skip
    assert state_of(api, id)["received_bytes"] == 0


@pytest.mark.parametrize("said", ["", "sha-512=:AAAA:", "sha-256=:AAAA:", "sha-256=:!:"])
def test_further_digest_that_is_none_is_refused(api, compressible, said):
    id, content, _packed = compressible
    sent = send_part(api, id, 0, content, **{"Repr-Digest": said})
    assert (sent.status_code, sent.json()["field"]) == (422, "Repr-Digest")
