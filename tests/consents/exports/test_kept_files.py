"""Files that the worker makes: for their owner alone, made once, deleted in time."""

import errno
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.core import mail
from django.utils import timezone, translation

from consents.exports import actions, file_store, followers, pdf_file
from consents.exports.actions import MOST_ATTEMPTS, ExportTooLong, Wanted, note_progress, request_export
from consents.exports.followers import HeldByAnotherError, make_export
from consents.exports.topics import AboutExport
from consents.exports.words import coverage_words
from consents.models import Export, Notice, NoticeKind
from privacycenter.models import FileChunk, OutboxRow, StoredFile
from privacycenter.outbox.working import work_off
from privacycenter.storage import files
from privacycenter.storage.tidying import remove_unfinished
from tests.support.clock import clock_at
from tests.support.exports import body, break_off, confirmed, table, take
from tests.support.html import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def export(home, hanako, disclosure, everything_is_long):
    """hanako asked for a long file; nobody has made it yet."""
    work_off()
    response = take(home, "csv")
    made = hanako.exports.get()
    assert response["Location"] == f"/my/export/{made.id}/"
    return made


def state(client, export) -> str:
    return read(client.get(f"/my/export/{export.id}/")).one("main").one("p", role="status").text


def fetch(client, export):
    return client.post(f"/my/export/{export.id}/file/")


def test_long_file_is_made_by_the_worker_and_fetched_by_its_person(home, hanako, export, disclosure):
    assert state(home, export) == "作成しています"
    work_off()
    assert state(home, export) == "受け取れます"
    assert str(disclosure.id) in body(fetch(home, export)).decode()
    assert state(home, export).startswith("受け取り済み")


def test_page_of_a_file_that_is_being_made_says_how_far_it_is(home, export):
    Export.objects.filter(person_id=export.person_id).update(row_count=40_000, done_count=10_000)
    assert read(home.get(f"/my/export/{export.id}/")).one("progress")["value"] == "25"


def test_file_that_is_ready_is_told_once_on_the_site_and_by_mail(hanako, export):
    hanako.email = "hanako@example.com"
    hanako.save()
    work_off()
    make_export(AboutExport(person=hanako.pk, export=export.id))
    work_off()
    assert hanako.notices.filter(kind=NoticeKind.EXPORT_READY, about_id=export.id).count() == 1
    assert [message.subject for message in mail.outbox] == ["ファイルの準備ができました"]


def test_file_is_kept_encrypted_and_stands_under_a_name_nobody_guesses(export, disclosure):
    work_off()
    file = StoredFile.objects.get()
    stem = file.name.removeprefix("exports/").removesuffix(".csv")
    assert str(export.id) not in stem and len(stem) == 64
    assert not any(str(disclosure.id).encode() in bytes(chunk.body) for chunk in file.chunks.all())


def test_stranger_finds_neither_page_nor_file(export, taro):
    work_off()
    stranger = confirmed(taro)
    assert stranger.get(f"/my/export/{export.id}/").status_code == 404
    assert fetch(stranger, export).status_code == 404


def test_file_is_not_given_without_a_fresh_log_in(as_hanako, export):
    work_off()
    assert fetch(as_hanako, export)["Location"].startswith("/accounts/reauthenticate/")


def test_file_is_not_given_by_following_a_link(home, export):
    work_off()
    assert home.get(f"/my/export/{export.id}/file/")["Location"] == f"/my/export/{export.id}/"


def test_file_that_is_not_ready_is_not_given(home, export):
    assert fetch(home, export).status_code == 409


def test_third_file_at_once_is_refused(home, hanako, export):
    take(home, "json")
    assert take(home, "json").status_code == 429
    assert hanako.exports.count() == 2


def test_file_is_made_by_one_worker_at_a_time(hanako, export):
    Export.objects.update(held_until=timezone.now() + timedelta(minutes=1))
    with pytest.raises(HeldByAnotherError):
        make_export(AboutExport(person=hanako.pk, export=export.id))


def test_file_of_a_killed_worker_is_made_by_the_next_and_nothing_is_left_behind(home, export, monkeypatch):
    monkeypatch.setattr("privacycenter.storage.database_store.complete", lambda *_: (_ for _ in ()).throw(Killed()))
    monkeypatch.setattr("privacycenter.storage.database_store.delete_files", lambda ids: None)
    with pytest.raises(Killed):
        work_off()
    monkeypatch.undo()
    assert StoredFile.objects.get().completed_at is None
    Export.objects.update(held_until=timezone.now() - timedelta(seconds=1))
    later = timezone.now() + timedelta(hours=2)
    with clock_at(later):
        Export.objects.update(give_up_at=later + timedelta(minutes=1))
        work_off()
        remove_unfinished()
    assert [file.name.rpartition(".")[2] for file in StoredFile.objects.all()] == ["csv"]


class Killed(BaseException):
    """As if the process had ended here."""


def test_file_that_cannot_be_written_is_tried_again(home, export, monkeypatch):
    monkeypatch.setattr(file_store, "write", lambda *_: 1 / 0)
    work_off()
    assert OutboxRow.objects.get(topic="export.requested").attempt_count == 1
    monkeypatch.undo()
    assert state(home, export) == "作成しています"


def main_of(client, export):
    return read(client.get(f"/my/export/{export.id}/")).one("main")


def work_off_again_and_again():
    for _attempt in range(MOST_ATTEMPTS):
        OutboxRow.objects.update(due_at=timezone.now())
        work_off()


@pytest.mark.parametrize(
    ("error", "failure", "said"),
    [(ZeroDivisionError(), "fault", "原因は当社側にあり"), (OSError(errno.ENOSPC, "full"), "room", "空きがありません")],
)
def test_file_that_cannot_be_written_in_three_attempts_says_why_and_offers_other_formats(
    home, export, monkeypatch, error, failure, said
):
    monkeypatch.setattr(file_store, "write", lambda *_: (_ for _ in ()).throw(error))
    work_off_again_and_again()
    row = Export.objects.get()
    assert (row.attempt_count, row.failure, row.ready_at, row.held_until) == (MOST_ATTEMPTS, failure, None, None)
    assert not OutboxRow.objects.filter(topic="export.requested").exists()
    page = main_of(home, export)
    assert page.one("p", role="status").text == "作成できませんでした" and said in page.text
    assert [form.one("input", name="format")["value"] for form in page.all("form")] == ["pdf", "json", "csv"]
    assert {form["action"] for form in page.all("form")} == {"/my/export/"}


def test_file_whose_workers_are_killed_fails_after_the_third(home, export):
    Export.objects.update(attempt_count=MOST_ATTEMPTS, held_until=timezone.now() - timedelta(seconds=1))
    work_off()
    assert (Export.objects.get().failure, state(home, export)) == ("fault", "作成できませんでした")


def test_file_that_takes_too_long_is_stopped_and_leaves_nothing_behind(home, export):
    Export.objects.update(give_up_at=timezone.now() - timedelta(seconds=1))
    files.keep(file_store.file_name(export, 1), BytesIO(b"of an attempt that was not recorded"))
    assert state(home, export) == "作成できませんでした"
    work_off()
    assert (Export.objects.get().failure, StoredFile.objects.exists()) == ("time", False)


def test_time_of_a_file_runs_out_while_it_is_written(export, monkeypatch):
    beginning = timezone.now()
    monkeypatch.setattr(actions.timezone, "now", lambda: beginning + timedelta(minutes=21))
    with pytest.raises(ExportTooLong):
        note_progress(export=export, done_count=1, row_count=2)
    assert Export.objects.get().done_count == 0


def test_file_whose_time_is_over_does_not_keep_from_asking_for_another(home, hanako, export):
    take(home, "json")
    Export.objects.update(give_up_at=timezone.now() - timedelta(seconds=1))
    assert take(home, "json").status_code == 302
    assert hanako.exports.count() == 3


def test_progress_is_of_the_rows_counted_when_the_file_was_begun(export, monkeypatch):
    Export.objects.update(row_count=400)
    told = []
    monkeypatch.setattr(followers, "note_progress", lambda export, **said: told.append(said))
    work_off()
    assert told[0] == {"done_count": 0, "row_count": 1}


def test_page_says_what_remains_when_every_disclosure_is_in_the_file(home, export):
    Export.objects.update(row_count=40_000, done_count=40_000)
    assert "残りの内容を書き込んでいます" in main_of(home, export).text


def test_htmx_gets_how_far_it_is_and_at_the_end_what_there_is(home, export):
    asked = f"/my/export/{export.id}/"
    assert main_of(home, export).one(id="progress-shown")["data-hx-get"] == asked
    going = home.get(asked, headers={"HX-Request": "true"})
    assert b"<progress" in going.content and b"<form" not in going.content and "HX-Retarget" not in going
    work_off()
    over = home.get(asked, headers={"HX-Request": "true"})
    assert (over["HX-Retarget"], over["HX-Reswap"]) == ("#file", "outerHTML")
    assert f'action="{asked}file/"'.encode() in over.content and b"<html" not in over.content


def test_visitor_without_a_log_in_finds_neither_page_nor_file(client, export):
    work_off()
    for response in (client.get(f"/my/export/{export.id}/"), fetch(client, export)):
        assert response["Location"].startswith("/accounts/login/")


def test_file_counts_as_fetched_only_after_its_last_byte(home, export):
    work_off()
    break_off(fetch(home, export))
    assert (Export.objects.get().fetched_at, state(home, export)) == (None, "受け取れます")
    whole = fetch(home, export)
    assert len(body(whole)) == int(whole["Content-Length"])
    first = Export.objects.get().fetched_at
    assert body(fetch(home, export)) and Export.objects.get().fetched_at == first is not None


def test_file_sent_at_once_counts_as_sent_only_after_its_last_byte(home, disclosure):
    break_off(take(home, "csv"))
    assert Export.objects.get().fetched_at is None
    assert "最後まで送っていません" in read(home.get("/my/export/")).one("ul", cls="rows").text
    body(take(home, "csv"))
    assert [row.fetched_at is None for row in Export.objects.newest_first()] == [False, True]


def test_file_that_cannot_be_made_at_once_has_a_page_with_other_formats(home, disclosure, monkeypatch):
    monkeypatch.setattr(file_store, "pieces", lambda record, format: (1 / 0 for _ in range(1)))
    answer = take(home, "pdf")
    assert answer.status_code == 500
    page = read(answer).one("main")
    assert [form.one("input", name="format")["value"] for form in page.all("form")] == ["csv", "json", "pdf"]
    row = Export.objects.get()
    assert (row.failure, row.fetched_at, row.failed_at is None) == ("fault", None, False)


def test_file_that_breaks_off_on_our_side_has_failed(home, disclosure, monkeypatch):
    monkeypatch.setattr(file_store, "pieces", lambda record, format: (b"half" if not n else 1 / 0 for n in range(2)))
    with pytest.raises(ZeroDivisionError):
        body(take(home, "csv"))
    row = Export.objects.get()
    assert (row.failure, row.fetched_at, row.failed_at is None) == ("fault", None, False)


def test_file_is_deleted_after_seven_days_and_can_be_made_again(home, export):
    work_off()
    row = OutboxRow.objects.get(topic="export.expiring")
    assert timedelta(days=6, hours=23) < row.due_at - timezone.now() <= timedelta(days=7)
    Export.objects.update(expires_at=timezone.now())
    assert fetch(home, export).status_code == 409
    OutboxRow.objects.update(due_at=timezone.now())
    work_off()
    assert not StoredFile.objects.exists() and not FileChunk.objects.exists()
    assert read(home.get(f"/my/export/{export.id}/")).one("main").one("form")["action"] == "/my/export/"


def test_file_that_somebody_removed_is_said_to_be_gone(home, export):
    work_off()
    files.remove(Export.objects.get().file_name)
    assert fetch(home, export).status_code == 410


def test_long_pdf_of_several_volumes_comes_in_a_zip(home, hanako, disclosure, everything_is_long, monkeypatch):
    monkeypatch.setattr(pdf_file, "VOLUME_ROWS", 0)
    monkeypatch.setattr(pdf_file, "volumes", lambda record, on_rows: iter([b"%PDF-1", b"%PDF-2"]))
    take(home, "pdf")
    work_off()
    response = fetch(home, hanako.exports.get())
    assert response["Content-Type"] == "application/zip"
    assert body(response).startswith(b"PK")


def test_long_file_is_narrowed_and_in_the_language_it_was_asked_for(hanako, hanakos_life):
    wanted = Wanted(format="csv", query="flagged=on", language="en", row_count=1)
    request_export(wanted=wanted, by=hanako)
    work_off()
    (row,) = [
        row for row in table(b"".join(file_store.sent(hanako.exports.get().file_name))) if row["Type"] == "Disclosure"
    ]
    assert row["State or warning"]


def test_file_sent_at_once_is_listed_but_not_kept(home, hanako, disclosure):
    body(take(home, "csv"))
    assert "その場で渡しました" in read(home.get("/my/export/")).one("ul", cls="rows").text
    assert not StoredFile.objects.exists()
    assert not Notice.objects.filter(kind=NoticeKind.EXPORT_READY).exists()


def test_file_never_calls_a_service_complete_whose_reports_are_missing():
    moment = datetime(2026, 11, 1, 3, tzinfo=UTC)
    entry = dict.fromkeys(("reported_since", "last_reported_at", "complete_since", "complete_until"), moment)
    with translation.override("en"):
        assert "complete from" in coverage_words({**entry, "missing_count": 0})
        assert "complete from" not in coverage_words({**entry, "missing_count": 2})
        nothing = coverage_words({**entry, "reported_since": None, "last_reported_at": None, "missing_count": 5})
    assert nothing == (
        "Has not reported yet; over all people, 5 reports have not arrived; "
        "whether any of them is about you is not known"
    )
