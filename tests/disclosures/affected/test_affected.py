"""Whose data went where: counts at once, lists that are made once, logged, and shown to everybody on them."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from disclosures.affected.actions import ask_for_list, make_list
from disclosures.affected.filters import AffectedFilters
from disclosures.affected.queries import Counts, affected_counts, only_withheld, own_rows, rows_on
from disclosures.models import AffectedList, AffectedPerson, Lookup, RecordAccess
from disclosures.officers.withholding_actions import release_disclosure
from privacycenter.errors import InvalidValue, UnknownCode
from privacycenter.identifiers import uuid7
from privacycenter.models import OutboxRow
from privacycenter.outbox.working import work_off
from tests.support.clock import clock_at
from tests.support.events import a_correction, an_event, record
from tests.support.html import read
from tests.support.incidents import INN, OCTOBER, WHY, keep_back
from tests.support.people import make_user
from tests.support.together import put_together, second_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def ledger(hanako, taro, reporter):
    """Two bookings of hanako's and one of taro's at the inn; one of hanako's elsewhere, one of the inn in August."""
    record(
        reporter,
        an_event(),
        an_event("event-2", items=("name", "email"), scenario="online-booking"),
        an_event("event-3", subject="subject-taro"),
        an_event("event-4", recipient="komorebi-toge"),
        an_event("event-5", occurred_at=datetime(2026, 8, 1, tzinfo=UTC)),
    )
    return hanako


def made(**more) -> AffectedList:
    return ask_for_list(filters=AffectedFilters(**{**vars(INN), **more}), reason=WHY, by=None, is_made_now=True)


def subjects(one):
    return [(row["subject"], row["event_id"]) for row in rows_on(one)]


@pytest.mark.parametrize(
    ("more", "disclosures", "people"),
    [
        ({}, 3, 2),
        ({"items": ("email",)}, 1, 1),
        ({"items": ("email", "phone")}, 3, 2),
        ({"recipient": ""}, 4, 2),
        ({"service": "jalan", "scenario": "online-booking", "reporter": "travel"}, 3, 2),
        ({"scenario": "survey-results"}, 0, 0),
        ({"since": datetime(2026, 7, 1, tzinfo=UTC)}, 4, 2),
        # From, and up to but not including.
        ({"since": datetime(2026, 11, 1, 1, 0, tzinfo=UTC)}, 3, 2),
        ({"until": datetime(2026, 11, 1, 1, 0, tzinfo=UTC)}, 0, 0),
        ({"until": datetime(2026, 11, 1, 1, 0, 1, tzinfo=UTC)}, 3, 2),
    ],
)
def test_what_matches_is_counted(ledger, more, disclosures, people):
    counts = affected_counts(AffectedFilters(**{**vars(INN), **more}))
    assert (counts.disclosures, counts.people) == (disclosures, people)
    one = made(**more)
    assert (one.disclosure_count, one.person_count) == (disclosures, people)
    assert len(subjects(one)) == disclosures


def test_what_counts_is_what_is_right(ledger, reporter):
    record(reporter, a_correction(ledger.disclosures.get(event_id="event-1")))  # to another inn
    record(reporter, a_correction(ledger.disclosures.get(event_id="event-2"), "correction-2", facts=False))
    assert subjects(made()) == [("subject-taro", "event-3")]
    corrected = [row for row in rows_on(made(recipient="komorebi-toge")) if row["is_corrected"]]
    assert [row["disclosure"] for row in corrected] == [str(ledger.disclosures.get(event_id="event-1").id)]


def test_list_stays_as_it_was_when_it_was_made(ledger, reporter):
    one = made()
    record(reporter, an_event("event-6"), a_correction(ledger.disclosures.get(event_id="event-1")))
    assert len(subjects(one)) == 3
    assert AffectedPerson.objects.get(id=one.pk, person=ledger).disclosure_count == 2


def test_report_that_ends_after_the_list_was_made_is_neither_counted_nor_in_the_file(ledger, reporter):
    """Its transaction began before, so it says that it was recorded before."""
    one = made()
    with clock_at(one.asked_at - timedelta(seconds=5)):
        record(reporter, an_event("late"), a_correction(ledger.disclosures.get(event_id="event-1")))
    assert one.disclosure_count == len(subjects(one)) == 3
    (own,) = own_rows(ledger, [one])
    assert {row.event_id for row in own.reported} == {"event-1", "event-2"} and not own.corrected
    again = made()
    assert again.disclosure_count == len(subjects(again)) == 3
    assert ("subject-hanako", "late") in subjects(again)


def test_list_from_before_rows_were_kept_is_read_by_its_filters(ledger, taro):
    one = made()
    bare = AffectedList.objects.create(
        id=uuid7(), filters=one.filters, reason=WHY, role="", asked_at=one.asked_at, counted_at=one.counted_at
    )
    for person in AffectedPerson.objects.filter(id=one.pk):
        AffectedPerson.objects.create(
            person_id=person.person_id, id=bare.pk, disclosure_count=1, first_at=person.first_at,
            last_at=person.last_at, listed_at=person.listed_at,
        )  # fmt: skip
    assert subjects(bare) == subjects(one) and len(subjects(bare)) == 3
    assert [row.event_id for row in own_rows(taro, [bare])[0].reported] == ["event-3"]


def test_two_accounts_of_one_person_are_one_of_the_people_and_marked_in_the_file(ledger, reporter):
    old = second_account()
    record(reporter, an_event("event-6", subject=old.subject))
    put_together(old, ledger)
    assert affected_counts(INN) == Counts(disclosures=4, people=2)
    one = made()
    assert (one.disclosure_count, one.person_count) == (4, 2)
    assert {(row["subject"], row["same_person_as"]) for row in rows_on(one)} == {
        ("subject-hanako", ""), ("subject-taro", ""), (old.subject, "subject-hanako"),
    }  # fmt: skip


def test_everybody_on_a_list_is_told_of_it_and_nobody_else(ledger, taro, officer, as_hanako):
    stranger = make_user("jiro")
    one = ask_for_list(filters=INN, reason=WHY, by=officer)
    work_off()
    looks = RecordAccess.objects.filter(what="affected")
    assert {(look.person_id, look.id, look.reason, look.staff_id) for look in looks} == {
        (person.pk, one.pk, WHY, officer.pk) for person in (ledger, taro)
    }
    assert WHY in read(as_hanako.get("/my/accesses/")).one("main").text
    assert not stranger.record_accesses.exists()


def test_list_is_logged_at_once_also_if_nobody_is_on_it(ledger, officer):
    one = ask_for_list(filters=AffectedFilters(**{**vars(INN), "scenario": "survey-results"}), reason=WHY, by=officer)
    look = Lookup.objects.get(pk=one.pk)
    assert (look.staff_id, look.reason) == (officer.pk, WHY)


def test_list_is_made_once(ledger, officer):
    one = ask_for_list(filters=INN, reason=WHY, by=officer)
    work_off()
    counted = AffectedList.objects.get(pk=one.pk).counted_at
    assert make_list(made=one).counted_at == counted and AffectedPerson.objects.filter(id=one.pk).count() == 2


def test_look_that_would_tell_of_a_withheld_entry_is_told_once_it_is_shown(taro, ledger, officer, as_taro):
    kept = keep_back(taro, "event-3", officer)
    one = made()
    assert only_withheld(one) == {taro.pk: kept.id}
    assert WHY not in read(as_taro.get("/my/accesses/")).one("main").text
    release_disclosure(disclosure=kept, reason="over", by=officer)
    assert WHY in read(as_taro.get("/my/accesses/")).one("main").text


def test_look_that_tells_nothing_of_a_withheld_entry_is_told(ledger, officer, as_hanako):
    keep_back(ledger, "event-2", officer)
    assert only_withheld(made()) == {}
    assert WHY in read(as_hanako.get("/my/accesses/")).one("main").text


@pytest.mark.parametrize(
    ("more", "reason", "error"),
    [
        ({}, "   ", InvalidValue),
        ({}, "x" * 501, InvalidValue),
        ({"until": OCTOBER}, WHY, InvalidValue),
        ({"recipient": "nobody"}, WHY, UnknownCode),
        ({"items": ("shoe-size",)}, WHY, UnknownCode),
    ],
)
def test_list_that_makes_no_sense_is_refused_and_nothing_is_written(ledger, more, reason, error):
    with pytest.raises(error):
        ask_for_list(filters=AffectedFilters(**{**vars(INN), **more}), reason=reason, by=None, is_made_now=True)
    assert not AffectedList.objects.exists() and not Lookup.objects.exists() and not RecordAccess.objects.exists()


def test_number_of_statements_does_not_grow_with_people(ledger, reporter, django_assert_max_num_queries):
    record(reporter, *(an_event(f"more-{number}", subject=f"subject-{number}") for number in range(40)))
    with django_assert_max_num_queries(20):
        one = made()
    with django_assert_max_num_queries(12):
        assert len(subjects(one)) == 43


# --- The command -----------------------------------------------------------------------------------------------------


def run(capfdbinary, *options):
    call_command("affected", "minato-inn", "--since", "2026-10-01", "--until", "2026-11-30", *options)
    return capfdbinary.readouterr().out.decode("utf-8-sig")


def test_command_streams_csv(ledger, capfdbinary):
    lines = list(csv.DictReader(io.StringIO(run(capfdbinary, "--reason", WHY))))
    assert [(line["subject"], line["event_id"], line["items"]) for line in lines][-1][0] == "subject-taro"
    assert {line["service"] for line in lines} == {"jalan"} and len(lines) == 3


def test_command_streams_json_lines_to_a_file(ledger, tmp_path, capfdbinary):
    target = tmp_path / "list.jsonl"
    run(capfdbinary, "--reason", WHY, "--format", "jsonl", "-o", str(target), "--items", "email")
    (row,) = map(json.loads, target.read_text().splitlines())
    assert (row["subject"], row["items"]) == ("subject-hanako", ["email", "name"])
    assert [path.name for path in tmp_path.iterdir()] == ["list.jsonl"]


@pytest.mark.parametrize(
    "options",
    [
        ["nobody", "--since", "2026-10-01", "--until", "2026-11-01", "--reason", WHY],
        ["minato-inn", "--since", "yesterday", "--until", "2026-11-01", "--reason", WHY],
        ["minato-inn", "--since", "2026-10-01", "--until", "2026-13-01", "--reason", WHY],
        ["minato-inn", "--since", "2026-10-01", "--until", "2026-11-01"],
    ],
)
def test_command_refuses_what_it_does_not_know(ledger, options):
    with pytest.raises(CommandError) as refused:
        call_command("affected", *options)
    assert refused.value.returncode == 2
    assert not AffectedList.objects.exists()


# --- The desk --------------------------------------------------------------------------------------------------------

ASKED = "recipient=minato-inn&since=2026-10-01&until=2026-11-30"


def test_officer_counts_and_makes_a_list_and_downloads_it(as_officer, ledger):
    page = as_officer.get(f"/admin/affected/?{ASKED}").content.decode()
    assert "subject-hanako" not in page and not RecordAccess.objects.exists()
    sent = as_officer.post(f"/admin/affected/?{ASKED}", {"reason": "漏えいの調査のため必要です"})
    one = AffectedList.objects.get()
    assert sent["Location"] == f"/admin/affected/{one.pk}/" and one.counted_at is None
    work_off()
    assert as_officer.post(sent["Location"], {"format": "csv"}).status_code == 422
    file = as_officer.post(sent["Location"], {"format": "csv", "reason": "当局への報告に使うため"})
    assert b"subject-taro" in b"".join(file.streaming_content)
    assert Lookup.objects.count() == 2


def test_count_without_anything_to_narrow_it_is_refused(as_officer, ledger):
    assert as_officer.get("/admin/affected/?since=2026-10-01&until=2026-11-30").status_code == 422


def test_unknown_code_at_the_desk_says_which(as_officer, ledger):
    answer = as_officer.get("/admin/affected/?recipient=nobody&since=2026-10-01&until=2026-11-30")
    assert answer.status_code == 422


def test_lists_are_for_officers(as_editor, as_hanako, ledger):
    one = made()
    for path in ("/admin/affected/", f"/admin/affected/{one.pk}/"):
        assert as_editor.get(path).status_code == 403
        assert as_hanako.get(path).status_code == 302
    assert not OutboxRow.objects.filter(topic="affected_list.asked").exists()


@pytest.mark.parametrize(("since", "until"), [("2026-01-01", "9999-12-31"), ("0001-01-01", "2026-01-01")])
def test_days_far_away_are_refused(as_officer, ledger, since, until):
    page = as_officer.get(f"/admin/affected/?recipient=minato-inn&since={since}&until={until}")
    assert page.status_code == 422
    with pytest.raises(CommandError) as refused:
        call_command("affected", "minato-inn", since=since, until=until, reason=WHY)
    assert refused.value.returncode == 2 and not AffectedList.objects.exists()


def test_list_that_cannot_be_written_down_is_not_made(ledger, tmp_path):
    with pytest.raises(CommandError) as refused:
        call_command(
            "affected", "minato-inn", since="2026-10-01", until="2026-11-30", reason=WHY, output=f"{tmp_path}/no/x.csv"
        )
    assert refused.value.returncode == 2 and not AffectedList.objects.exists()


def test_form_that_is_sent_twice_asks_for_one_list(ledger, as_officer):
    path = "/admin/affected/?recipient=minato-inn&since=2026-10-01&until=2026-11-30"
    first, second = (as_officer.post(path, {"reason": f"{WHY}です"}) for _time in range(2))
    assert first["Location"] == second["Location"]
    as_officer.post(path, {"reason": "another reason"})
    assert AffectedList.objects.count() == 2


def test_download_is_logged_as_a_look_that_found_people(ledger, as_officer):
    one = made()
    file = as_officer.post(f"/admin/affected/{one.pk}/", {"format": "csv", "reason": "for the authority"})
    assert b"subject-hanako" in b"".join(file.streaming_content)
    assert Lookup.objects.get(reason__endswith="for the authority").is_found


def test_what_is_kept_from_one_account_is_kept_from_the_other(ledger, reporter, officer):
    """The same event was reported about both accounts of a person."""
    old = second_account()
    record(reporter, an_event(subject=old.subject))
    keep_back(ledger, "event-1", officer)
    record(reporter, an_event("event-2", subject="subject-taro"))
    put_together(old, ledger)
    assert old.pk in only_withheld(made())
