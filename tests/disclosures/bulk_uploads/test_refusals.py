"""Each refusal of an upload: it says why, and nothing was written."""

import hashlib
from unittest import mock
from uuid import UUID, uuid4

import pytest

from disclosures.bulk_uploads import limits
from disclosures.bulk_uploads.actions import Announced, begin_upload, cancel_upload, complete_upload, take_part
from disclosures.bulk_uploads.reading import RawLine
from disclosures.bulk_uploads.recording_actions import record_batch
from disclosures.models import DisclosureUpload
from disclosures.reporters.actions import change_reporter, create_reporter, stop_reporter
from privacycenter.errors import StoreAway
from privacycenter.models import StoredFile
from tests.support.api import cloud_event
from tests.support.bulk_uploads import json_lines
from tests.support.refusals import Refused, assert_refused, without_a_case

pytestmark = pytest.mark.django_db
CONTENT = json_lines(cloud_event())


def announced(content=CONTENT, size_bytes=None) -> Announced:
    return Announced(size_bytes or len(content), hashlib.sha256(content).hexdigest(), is_compressed=False)


def begun(has):
    return begin_upload(announced=announced(), by=has.reporter)[0].id


def part(has, offset=0, content=CONTENT, sha256=None, **more):
    sha256 = sha256 or hashlib.sha256(content).hexdigest()
    return {"upload": begun(has), "offset": offset, "content": content, "sha256": sha256, "by": has.reporter, **more}


def sent(has) -> UUID:
    return take_part(**part(has)).id


def completed(has) -> UUID:
    return complete_upload(upload=sent(has), by=has.reporter)[0].id


def cancelled(has) -> UUID:
    return cancel_upload(upload=begun(has), by=has.reporter)[0].id


def another(has):
    return create_reporter(code="other", title="ほかの予約システム", services=["jalan"])[0]


def of_another(has):
    return {"upload": begun(has), "by": another(has)}


def with_many(has):
    for number in range(limits.MOST_OPEN):
        begin_upload(announced=announced(bytes([number])), by=has.reporter)
    return {"announced": announced(), "by": has.reporter}


def with_large_ones(has):
    for number in range(limits.OPEN_TIMES_LARGER):
        size_bytes = limits.largest_upload_bytes()
        begin_upload(announced=announced(bytes([number]), size_bytes), by=has.reporter)
    return {"announced": announced(), "by": has.reporter}


def by_one_who_may_not(change):
    def arranged(has):
        upload = completed(has)
        change(has.reporter)
        line = RawLine(1, len(CONTENT), CONTENT)
        return {"upload": upload, "after_line": 0, "batch": [line], "is_last_now": False}

    return arranged


CASES = [
    Refused(
        begin_upload, "bytes in one upload",
        lambda has: {"announced": announced(size_bytes=limits.largest_upload_bytes() + 1), "by": has.reporter},
    ),
    Refused(begin_upload, "uploads at a time", with_many),
    Refused(begin_upload, "bytes at a time", with_large_ones),
    Refused(take_part, "at least one byte", lambda has: part(has, content=b"")),
    Refused(take_part, "bytes in one part", lambda has: part(has, content=b"x" * (limits.largest_part_bytes() + 1))),
    Refused(take_part, "with the SHA-256 of exactly", lambda has: part(has, sha256="0" * 64)),
    Refused(take_part, "it is not yours", lambda has: part(has, upload=uuid4())),
    Refused(take_part, "it is not yours", lambda has: part(has, by=another(has))),
    Refused(take_part, "goes beyond them", lambda has: part(has, content=CONTENT + b"\n")),
    Refused(take_part, "go on there", lambda has: part(has, offset=1)),
    Refused(take_part, "Begin another one", lambda has: part(has, content=b"x", upload=completed(has))),
    Refused(take_part, "Begin another one", lambda has: part(has, upload=cancelled(has))),
    Refused(complete_upload, "it is not yours", of_another),
    Refused(complete_upload, "Send the rest", lambda has: {"upload": begun(has), "by": has.reporter}),
    Refused(complete_upload, "Begin another one", lambda has: {"upload": cancelled(has), "by": has.reporter}),
    Refused(cancel_upload, "it is not yours", of_another),
    Refused(record_batch, "The reporter was stopped", by_one_who_may_not(lambda by: stop_reporter(reporter=by))),
    Refused(
        record_batch, "does not have the scope",
        by_one_who_may_not(lambda by: change_reporter(reporter=by, scopes=["disclosures:read"])),
    ),
]  # fmt: skip
# A part that the store did not take leaves its name behind; an upload that ended is cancelled no more: test_sending.py.
# What is wrong with a file or a line becomes the problem of the upload, or of the line: test_recording.py.
ELSEWHERE = ("StoreAway", "cancel_upload: no case for UploadClosed", "note_extent", "record_some")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    missing = without_a_case("disclosures.bulk_uploads", CASES)
    assert [one for one in missing if not any(name in one for name in ELSEWHERE)] == []


def test_store_that_does_not_take_a_part_leaves_no_file(reporter):
    arguments = part(mock.Mock(reporter=reporter))
    with mock.patch("disclosures.bulk_uploads.actions.files.keep", side_effect=OSError), pytest.raises(StoreAway):
        take_part(**arguments)
    assert not StoredFile.objects.exists() and DisclosureUpload.objects.get().received_bytes == 0
