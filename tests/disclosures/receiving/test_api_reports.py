"""A reporter looks up what it reported, and is shown that it stands in the log: its own, and nothing of the record."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from disclosures.models import Disclosure, WithholdingStep
from disclosures.reporters.actions import create_reporter
from privacycenter.log.entries import commitment_to
from privacycenter.log.note import decoded
from privacycenter.log.opening import check_opening
from privacycenter.log.record import Broken, Unreadable, trust_in
from privacycenter.models import LogEntry, LogState, PersonKey
from privacycenter.outbox.working import work_off
from tests.support.api import Api, cloud_correction, cloud_event
from tests.support.database import tamper
from tests.support.log import checked, seal_and_sign

pytestmark = pytest.mark.django_db
SEARCH = "/disclosures?subject=subject-hanako&event_id=event-1"


@pytest.fixture
def reported(hanako, api):
    """The third row of hanako's record."""
    api.report(cloud_event("before-1"), cloud_event("before-2"))
    seal_and_sign()
    id = api.report(cloud_event("event-1")).json()["results"][0]["disclosure"]
    seal_and_sign()
    return f"/disclosures/{id}?subject=subject-hanako"


def not_found(answer) -> bool:
    return (answer.status_code, answer.json()["type"]) == (404, "urn:privacycenter:problem:not-found")


def test_own_report_is_answered_with_a_proof_that_holds(hanako, api, reported):
    answer = api.get(reported)
    body = answer.json()
    assert answer.status_code == 200 and answer["Cache-Control"] == "private, no-store"
    row = Disclosure.objects.get(event_id="event-1")
    assert (body["id"], body["disclosure"], body["sealed"]) == ("event-1", str(row.id), True)
    assert body["recorded_at"] == row.recorded_at.isoformat() and body["source"] == "https://booking.example/"
    proof = body["proof"]
    found = check_opening(proof, trust_in(proof))
    assert (found.event["event_id"], found.event["recipient"], found.event["subject"]) == (
        "event-1", "minato-inn", hanako.subject
    )  # fmt: skip
    assert found.place == LogEntry.objects.get(row_id=row.id).place and found.witnessed_at is None


def test_search_finds_the_report_and_its_correction(api, reported):
    row = Disclosure.objects.get(event_id="event-1")
    api.report(cloud_correction(row.id, "event-1"))
    first, second = api.get(SEARCH).json()["data"]
    assert (first["disclosure"], "correction" in first, first["sealed"]) == (str(row.id), False, True)
    assert (second["disclosure"], second["sealed"], second["proof"]) == (str(row.id), False, None)
    seal_and_sign()
    second = api.get(f"{SEARCH}&source=https://booking.example/").json()["data"][1]
    assert check_opening(second["proof"], trust_in(second["proof"])).event["type"] == "correction"
    assert api.get(f"/disclosures/{second['correction']}?subject=subject-hanako").json() == second
    assert api.get(f"{SEARCH}&source=https://other.example/").json() == {"data": []}


def test_neither_number_nor_key_is_told(hanako, api, reported):
    """The row is the third of the record: nothing in the answer says so, and nothing opens another label."""
    body = api.get(reported).json()
    key = PersonKey.objects.get(person=hanako)
    entry = LogEntry.objects.get(row_id=body["disclosure"])
    assert entry.number == 3 and "number" not in body["proof"]["event"]
    assert bytes(key.key) not in [decoded(value) for name, value in body["proof"].items() if name in ("label", "salt")]
    assert set(body["proof"]) == {
        "format", "log_key", "policy", "checkpoint", "index", "path", "label", "salt", "event"
    }  # fmt: skip


def test_what_is_not_ones_own_is_not_there(api, reported, taro):
    other = create_reporter(code="homes", title="SUUMO", services=["jalan"])
    other[0].secret = other[1]
    stranger = Api(other[0])
    nobody = UUID(int=7)
    for who, path in (
        (stranger, reported),
        (api, reported.replace("hanako", "taro")),
        (api, reported.replace("hanako", "nobody")),
        (api, f"/disclosures/{nobody}?subject=subject-hanako"),
        (api, "/disclosures/no-id?subject=subject-hanako"),
    ):
        assert not_found(who.get(path)), path
    assert stranger.get(SEARCH).json() == api.get(SEARCH.replace("hanako", "taro")).json() == {"data": []}


@pytest.mark.parametrize(
    "path", ["/disclosures", "/disclosures?subject=a", "/disclosures?event_id=a", f"/disclosures/{UUID(int=7)}"]
)
def test_person_and_event_have_to_be_named(api, path):
    assert api.get(path).status_code == 422


def test_row_that_waits_has_no_proof_yet(api, hanako):
    api.report(cloud_event("event-1"))
    assert api.get(SEARCH).json()["data"][0]["sealed"] is False
    work_off()
    assert api.get(SEARCH).json()["data"][0]["proof"] is None, "sealed, and not signed yet"


def test_changed_row_no_longer_opens_its_entry(api, reported):
    tamper("UPDATE disclosures_disclosure SET ground = 2 WHERE event_id = 'event-1'")
    proof = api.get(reported).json()["proof"]
    with pytest.raises(Broken, match="not what is in the log"):
        check_opening(proof, trust_in(proof))


@pytest.mark.parametrize("name", ["label", "salt", "index", "path", "checkpoint", "event"])
def test_every_part_of_the_proof_is_needed(api, reported, name):
    proof = api.get(reported).json()["proof"]
    other = api.get(SEARCH.replace("event-1", "before-1")).json()["data"][0]["proof"]
    if name == "checkpoint":
        other = {name: proof[name].replace("\n4\n", "\n5\n")}
    with pytest.raises(Broken):
        check_opening({**proof, name: other[name]}, trust_in(proof))
    with pytest.raises(Unreadable):
        check_opening({key: value for key, value in proof.items() if key != name}, trust_in(proof))


def test_service_cannot_tell_whether_its_row_was_kept_back(api, hanako, reported, officer):
    """Of a row that is sealed twice, the first entry is opened: it stays where it was, and cites nothing."""
    before = api.get(reported).json()["proof"]
    row = Disclosure.objects.get(event_id="event-1")
    WithholdingStep.objects.create(
        person=hanako, id=UUID(int=1), disclosure_id=row.id, number=1, kind=1, ground="crime", staff_id=officer.pk,
        until=timezone.now() + timedelta(days=9), reason="x", taken_at=timezone.now(),
    )  # fmt: skip
    from privacycenter.proof.sealing_actions import reseal_record

    assert reseal_record(hanako.pk) == 3
    seal_and_sign()
    after = api.get(reported).json()["proof"]
    assert (after["index"], after["event"]) == (before["index"], before["event"])
    assert LogEntry.objects.filter(row_id=row.id).count() == 2


def test_entry_of_a_log_that_commits_to_numbers_is_not_opened(api, hanako, reported):
    """Before, entries committed to the number of the row. It is sealed, and its person alone is shown how."""
    LogState.objects.update(numbered_size=4)
    body = api.get(reported).json()
    assert (body["sealed"], body["proof"]) == (True, None)


def test_commitment_does_not_hold_the_number(hanako, api, reported):
    proof = api.get(reported).json()["proof"]
    assert json.dumps(proof["event"]).count('"3"') == 0
    assert commitment_to(decoded(proof["salt"]), proof["event"]) != commitment_to(
        decoded(proof["salt"]), {**proof["event"], "number": "3"}
    )
    assert checked(hanako).rows == 3


def test_statements_stay_the_same_for_many_rows(api, hanako, reported, django_assert_max_num_queries):
    api.report(*[cloud_event(f"more-{number}") for number in range(40)])
    seal_and_sign()
    with django_assert_max_num_queries(24):
        api.get(reported)
