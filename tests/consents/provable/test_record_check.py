"""The page on which a person checks the record, and the proof that it reads: for its person alone."""

import json

import pytest
from django.test import Client

from disclosures.ledger.recording import record_disclosures
from privacycenter.log.entries import commitment_to
from privacycenter.log.note import decoded, open_checkpoint
from privacycenter.log.record import check_record, trust_in
from privacycenter.log.tree import leaf_hash, root_from_inclusion
from privacycenter.models import OutboxRow, RowKind, User
from privacycenter.outbox.followers import Lane
from privacycenter.outbox.working import work_off
from privacycenter.proof import queries
from privacycenter.proof.keys import log_signer
from privacycenter.proof.queries import record_state, unsealed_since
from privacycenter.proof.topics import RECORD_GREW
from privacycenter.rate_limits.limits import RateLimit
from tests.support.events import an_event
from tests.support.exports import confirmed, take
from tests.support.html import read
from tests.support.log import seal_and_sign
from tests.support.people import client_of

pytestmark = pytest.mark.django_db
PAGES = ("/my/record/", "/my/record/proof.json", "/my/record/proof-file.json", "/my/record/1.tlog-proof")


@pytest.fixture
def rows(hanako, taro, reporter):
    """Sixty of hanako's, one of taro's."""
    events = [an_event(f"h-{number}", subject=hanako.subject) for number in range(60)]
    record_disclosures(events=[*events, an_event("t", subject=taro.subject)], by=reporter)
    seal_and_sign()


def test_page_shows_every_row_a_page_at_a_time_the_newest_first(as_hanako, rows):
    page = read(as_hanako.get("/my/record/"))
    numbers = [row["data-number"] for row in page.one(cls="sealed").all("li")]
    assert numbers == [str(number) for number in range(60, 10, -1)]
    assert "60" in page.one(cls="record-check")["data-count"] and page.one(cls="pager")
    page = read(as_hanako.get("/my/record/?page=2"))
    assert [row["data-number"] for row in page.one(cls="sealed").all("li")][-1] == "1"


def test_page_names_the_log_for_the_comparison_with_an_earlier_file(as_hanako, rows, settings):
    settings.SITE_ADDRESS = "https://privacy.example"
    page = as_hanako.get("/my/record/").content.decode()
    assert "--before earlier.json --log https://privacy.example/log<" in page


@pytest.mark.parametrize("page", ["0", "-1", "3", "x", "9" * 30, "1.5"])
def test_page_that_is_not_there_is_not_found(as_hanako, rows, page):
    assert as_hanako.get(f"/my/record/?page={page}").status_code == 404


def test_record_without_a_row_says_so(as_hanako):
    page = as_hanako.get("/my/record/")
    assert page.status_code == 200 and "確かめるものがありません" in page.content.decode()
    assert as_hanako.get("/my/record/proof.json").status_code == 404


def test_row_that_waits_is_told(hanako, as_hanako, rows, reporter):
    record_disclosures(events=[an_event("new", subject=hanako.subject)], by=reporter)
    assert "新しい記録に封をしています" in as_hanako.get("/my/record/").content.decode()
    work_off(Lane.TOGETHER)
    assert "新しい記録に封をしています" not in as_hanako.get("/my/record/").content.decode()


def test_row_that_waits_is_found_with_one_statement(hanako, taro, reporter, django_assert_num_queries):
    """Among those of others, whose numbers are also those of kinds."""
    record_disclosures(events=[an_event("t", subject=taro.subject)], by=reporter)
    assert unsealed_since(hanako) is None
    events = [an_event(f"{who.pk}-{number}", subject=who.subject) for number in range(20) for who in (taro, hanako)]
    record_disclosures(events=events, by=reporter)
    with django_assert_num_queries(1):
        since = unsealed_since(hanako)
    assert since == OutboxRow.objects.filter(topic=RECORD_GREW.name).last().due_at
    others = {kind.value for kind in RowKind} - {hanako.pk, taro.pk}
    assert {unsealed_since(User(pk=number)) for number in others} == {None}


@pytest.mark.parametrize("path", PAGES)
def test_nobody_but_its_person_reads_it(path, rows):
    assert Client().get(path).status_code == 302
    assert Client().post(path).status_code in (302, 403, 405)


def test_proof_is_read_in_parts(hanako, as_hanako, rows, monkeypatch):
    monkeypatch.setattr("consents.provable.views.ROWS_ON_PAGE", 25)
    head = as_hanako.get("/my/record/proof.json").json()
    parts = [
        as_hanako.get(f"/my/record/proof.json?size={head['size']}&after={after}").json()["rows"]
        for after in (0, 25, 50, 60)
    ]
    assert [len(part) for part in parts] == [25, 25, 10, 0]
    document = {**head, "rows": [row for part in parts for row in part]}
    assert check_record(document, trust_in(document)).rows == head["row_count"] == 60


def test_parts_of_one_proof_are_of_one_checkpoint(hanako, as_hanako, rows, reporter):
    head = as_hanako.get("/my/record/proof.json").json()
    record_disclosures(events=[an_event("new", subject=hanako.subject)], by=reporter)
    seal_and_sign()
    part = as_hanako.get(f"/my/record/proof.json?size={head['size']}&after=0").json()["rows"]
    document = {**head, "rows": part}
    assert check_record(document, trust_in(document)).rows == 60
    assert as_hanako.get("/my/record/proof.json").json()["row_count"] == 61


@pytest.mark.parametrize("query", ["size=7", "size=x", "after=-1", "seen=-1", "size=99999999999999999999"])
def test_proof_that_cannot_be_made_is_not_found(as_hanako, rows, query):
    assert as_hanako.get(f"/my/record/proof.json?{query}").status_code == 404


def test_consistency_is_given_from_where_the_browser_was(hanako, as_hanako, rows, reporter):
    size = as_hanako.get("/my/record/proof.json").json()["size"]
    record_disclosures(events=[an_event("new", subject=hanako.subject)], by=reporter)
    seal_and_sign()
    assert as_hanako.get(f"/my/record/proof.json?seen={size}").json()["consistency"]
    for seen in (0, size + 1, 10**9):
        assert as_hanako.get(f"/my/record/proof.json?seen={seen}").json()["consistency"] == []


def test_file_needs_a_fresh_log_in_and_is_the_whole_proof(hanako, taro, rows):
    assert client_of(hanako).get("/my/record/proof-file.json").status_code == 302
    answer = confirmed(hanako).get("/my/record/proof-file.json")
    document = json.loads(b"".join(answer.streaming_content))
    assert check_record(document, trust_in(document)).rows == 60 and "attachment" in answer["Content-Disposition"]
    assert {row["event"]["subject"] for row in document["rows"]} == {hanako.subject}
    document = json.loads(b"".join(confirmed(taro).get("/my/record/proof-file.json").streaming_content))
    assert len(document["rows"]) == 1


def test_proof_of_one_row_is_one_that_others_read(hanako, as_hanako, as_taro, rows):
    """Read here as the specification says: extra, index, path, an empty line, the checkpoint."""
    answer = as_hanako.get("/my/record/7.tlog-proof")
    first, extra, index, *rest = answer.content.decode().split("\n")
    path, note = rest[: rest.index("")], "\n".join(rest[rest.index("") + 1 :])
    entry, salt = decoded(extra.removeprefix("extra "))[:49], decoded(extra.removeprefix("extra "))[49:]
    checkpoint, _note = open_checkpoint(note, log_signer().verifier)
    place = int(index.removeprefix("index "))
    root = root_from_inclusion(leaf_hash(entry), place, checkpoint.size, [decoded(one) for one in path])
    row = queries.sealed_rows(record_state(hanako), 6, 1)[0]
    assert (first, root, place) == ("c2sp.org/tlog-proof@v1", checkpoint.root, row.place)
    assert commitment_to(salt, row.event) == entry[17:]
    for who, number in ((as_hanako, 61), (as_hanako, 0), (as_hanako, 2**70), (as_taro, 7)):
        assert who.get(f"/my/record/{number}.tlog-proof").status_code == 404


def test_file_shows_that_the_log_continues_an_earlier_one(hanako, rows, reporter):
    client = confirmed(hanako)
    earlier = json.loads(b"".join(client.get("/my/record/proof-file.json").streaming_content))
    seen = check_record(earlier, trust_in(earlier)).seen
    record_disclosures(events=[an_event("new", subject=hanako.subject)], by=reporter)
    seal_and_sign()
    later = json.loads(b"".join(client.get(f"/my/record/proof-file.json?seen={seen.size}").streaming_content))
    assert check_record(later, trust_in(later), seen).rows == 61
    assert client.get("/my/record/proof-file.json?seen=x").status_code == 404


def test_statements_stay_the_same_for_many_rows(as_hanako, rows, django_assert_max_num_queries):
    with django_assert_max_num_queries(22):
        as_hanako.get("/my/record/")
    with django_assert_max_num_queries(22):
        as_hanako.get("/my/record/proof.json?after=0")


def test_whole_record_taken_home_carries_its_proof_and_a_part_does_not(hanako, rows):
    client = confirmed(hanako)
    document = json.loads(b"".join(take(client, "json").streaming_content))["proof"]
    assert check_record(document, trust_in(document)).rows == 60
    part = json.loads(b"".join(take(client, "json", "/my/export/?recipient=minato-inn").streaming_content))
    assert "proof" not in part


def test_proof_is_made_so_often_an_hour(as_hanako, as_taro, rows, monkeypatch):
    monkeypatch.setattr("consents.provable.views.PROVING", RateLimit("record-proof", amount=2, seconds=3600))
    assert [as_hanako.get("/my/record/proof.json").status_code for _time in range(3)] == [200, 200, 429]
    assert as_taro.get("/my/record/proof.json").status_code == 200


# --- A long record ----------------------------------------------------------------------------------------------------


@pytest.fixture
def long_record(hanako, reporter):
    """Two thousand rows, which are four parts of a proof and forty pages."""
    for start in range(0, 2_000, 1_000):
        events = [an_event(f"h-{number}", subject=hanako.subject) for number in range(start, start + 1_000)]
        record_disclosures(events=events, by=reporter)
    seal_and_sign()


def test_long_record_stays_paged(as_hanako, long_record, django_assert_max_num_queries):
    for number, first in ((1, "2000"), (20, "1050"), (40, "50")):
        with django_assert_max_num_queries(22):
            page = as_hanako.get(f"/my/record/?page={number}")
        rows = read(page).one(cls="sealed").all("li")
        assert (len(rows), rows[0]["data-number"]) == (50, first)
        assert len(page.content) < 60_000
    assert as_hanako.get("/my/record/?page=41").status_code == 404


def test_proof_of_a_long_record_is_made_a_part_at_a_time(hanako, long_record, monkeypatch):
    """What is held at once does not grow with the record: rows are read when they are sent, five hundred at a time."""
    asked = []
    real = queries.sealed_rows
    monkeypatch.setattr(queries, "sealed_rows", lambda state, *part: asked.append(part) or real(state, *part))
    parts = queries.proof_texts(record_state(hanako))
    begun = next(parts)
    assert asked == [], "nothing is read before it is sent"
    rest = []
    for number, part in enumerate(parts, 1):
        rest.append(part)
        assert len(asked) == min(number, 4)
    assert asked == [(0, 500), (500, 500), (1000, 500), (1500, 500)]
    assert max(len(part) for part in rest) < 1.1 * len(rest[0])
    document = json.loads(begun + "".join(rest))
    assert check_record(document, trust_in(document)).rows == 2_000


def test_export_with_its_proof_is_made_a_part_at_a_time(hanako, long_record, monkeypatch):
    asked = []
    real = queries.sealed_rows
    monkeypatch.setattr(queries, "sealed_rows", lambda state, *part: asked.append(part) or real(state, *part))
    file = take(confirmed(hanako), "json").streaming_content
    assert len(json.loads(b"".join(file))["proof"]["rows"]) == 2_000
    assert [after for after, _limit in asked] == [0, 500, 1000, 1500]
