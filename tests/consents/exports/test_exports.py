"""Taking the record home: everything that is the person's, to nobody else, in files that do no harm."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jsonschema_rs
import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from consents.asking import requests
from consents.asking.decision_actions import undo_answer
from consents.asking.request_actions import cancel_request
from consents.asking.rule_actions import set_rule
from consents.exports import csv_file, file_store, json_file, pdf_file
from consents.exports.actions import Wanted, request_export
from consents.exports.followers import HeldByAnotherError, make_export
from consents.exports.record import disclosure_part, keyset, record_of, registry
from consents.exports.record.consent_parts import decision_entries
from consents.exports.topics import AboutExport
from consents.exports.words import coverage_words
from consents.models import Decision, Export, ExportFormat, Notice, NoticeKind, RuleKind, RuleSetting, StepKind
from consents.notices.actions import choose_preference
from consents.withdrawals.actions import take_withdrawal_step
from disclosures.ledger.recording import record_disclosures
from disclosures.models import Flag, Ground, Recipient
from disclosures.record.actions import hide_recipient, log_access
from disclosures.record.filters import Filters
from privacycenter.identifiers import uuid7
from privacycenter.models import CacheEntry, OutboxRow
from privacycenter.outbox.working import work_off
from tests.support.asking import answer, ask
from tests.support.events import a_correction, a_survey_event, an_event
from tests.support.html import read
from tests.support.people import PASSWORD, client_of

pytestmark = pytest.mark.django_db
SCHEMA = Path(__file__).parents[3] / "docs" / "examples" / "record.schema.json"


@pytest.fixture(autouse=True)
def clean(settings, tmp_path):
    settings.EXPORTS_ROOT = tmp_path / "exports"


def confirmed(person):
    """The person's browser, just after the password was asked for once more."""
    client = client_of(person)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


@pytest.fixture
def home(hanako):
    return confirmed(hanako)


@pytest.fixture
def hanakos_life(hanako, reporter, officer, decision):
    """Something in every part of the record."""
    record_disclosures(events=[an_event(), a_survey_event(items=("name", "survey-answers"))], by=reporter)
    log_access(person=hanako, what="record", reason="お問い合わせへの回答", by=officer)
    work_off()
    return hanako


@pytest.fixture
def everything_is_long(monkeypatch):
    """As if the record were too long for a file at once."""
    monkeypatch.setattr(file_store, "MOST_ROWS_AT_ONCE", dict.fromkeys(file_store.MOST_ROWS_AT_ONCE, -1))


def take(client, format, path="/my/export/"):
    return client.post(path, {"format": format})


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def table(content: bytes) -> list[dict]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


# --- Who may ---------------------------------------------------------------------------------------------------------


def test_export_asks_for_the_password_once_more(as_hanako):
    response = as_hanako.get("/my/export/?recipient=minato-inn")
    assert response["Location"].startswith("/accounts/reauthenticate/?next=%2Fmy%2Fexport%2F%3Frecipient")


def test_export_asked_for_too_late_goes_on_after_the_password(as_hanako, disclosure):
    assert take(as_hanako, "csv").status_code == 302
    response = as_hanako.post("/accounts/reauthenticate/?next=/my/export/", {"password": PASSWORD})
    assert len([row for row in table(body(response)) if row["識別番号"] == str(disclosure.id)]) == 1


def test_wrong_password_gives_no_record(as_hanako, disclosure):
    as_hanako.post("/accounts/reauthenticate/", {"password": "wrong"})
    assert take(as_hanako, "csv").status_code == 302


@pytest.mark.parametrize("format", ["", "xlsx", "pdf\x00"])
def test_unknown_format_is_an_error_on_the_form(home, format):
    response = take(home, format)
    assert (response.status_code, Export.objects.count()) == (422, 0)
    assert read(response).one(cls="error-summary").one("a")["href"] == "#id_format"


def test_export_too_often_is_refused_for_a_while(home, disclosure):
    for _n in range(30):
        assert body(take(home, "json"))
    assert take(home, "json").status_code == 429


def test_export_that_is_refused_is_not_counted(home, disclosure, monkeypatch):
    monkeypatch.setattr("consents.exports.file_store.MOST_ROWS_AT_ONCE", dict.fromkeys(ExportFormat, -1))
    for _n in range(2 + 5):
        take(home, "json")
    assert CacheEntry.objects.get(key__startswith="export:").used == 2


# --- What is in it ---------------------------------------------------------------------------------------------------


def test_json_holds_every_part(home, hanakos_life):
    record = json.loads(body(take(home, "json")))
    assert record["is_whole"] is True
    filled = [name for name in registry.PARTS if record[name]]
    assert set(registry.PARTS) - set(filled) == {
        "corrections", "inquiries", "mailings", "preferences", "hidden_recipients",
        "rules", "withdrawal_steps",
    }  # fmt: skip
    assert [row["flags"] for row in record["disclosures"]] == [[], ["items_not_allowed"]]
    assert record["names"]["recipients"]["minato-inn"]["ja"] == "湯宿 みなと"


@pytest.fixture
def decided(hanakos_life, reporter, decision, withdrawal):
    """hanako withdrew; the recipient keeps the data, then deletes it. She undid an answer to another, made a rule that
    answered, and a service cancelled."""
    kept = {"ja": "税法の定めです。", "en": "Tax law."}
    take_withdrawal_step(withdrawal=withdrawal, kind=StepKind.TOLD, is_delivery=True, by=reporter)
    take_withdrawal_step(withdrawal=withdrawal, kind=StepKind.KEPT, reason=kept, by=reporter)
    undone = answer(hanakos_life, ask(hanakos_life, reporter, recipient="minato-inn"), "name")
    undo_answer(decision_id=undone.id, language="ja", by=hanakos_life)
    set_rule(kind=RuleKind.RECIPIENT, code="kotori-salon", setting=RuleSetting.REFUSE, by=hanakos_life)
    ask(hanakos_life, reporter, recipient="kotori-salon")
    set_rule(kind=RuleKind.COUNTRY, code="US", setting=RuleSetting.REFUSE, by=hanakos_life)
    cancelled = ask(hanakos_life, reporter, recipient="kobune-wedding")
    cancel_request(request=cancelled, by=reporter)
    return {"decision": decision, "withdrawal": withdrawal, "undone": undone, "cancelled": cancelled}


def by_id(rows) -> dict:
    return {row["id"]: row for row in rows}


def test_decisions_say_what_ended_them_and_which_rule_gave_them(home, hanako, decided):
    record = json.loads(body(take(home, "json")))
    rows = by_id(record["decisions"])
    (undoing,) = [row for row in rows.values() if row["undoes"]]
    (by_rule,) = [row for row in rows.values() if row["rule"]]
    assert (undoing["undoes"], undoing["state"]) == (str(decided["undone"].id), "undoing")
    assert rows[str(decided["undone"].id)]["state"] == "undone"
    assert rows[str(decided["withdrawal"].id)]["withdraws"] == str(decided["decision"].id)
    assert by_id(record["rules"])[by_rule["rule"]]["code"] == "kotori-salon"
    assert all(row["has_receipt"] for row in rows.values())


def test_answer_has_a_receipt_exactly_where_its_page_gives_one(as_hanako, hanako, decided):
    textless = Decision(**{**columns_of(decided["decision"]), "id": uuid7(), "opening": 9, "text": {}})
    Decision.objects.bulk_create([textless])
    entries = list(decision_entries(record_of(hanako, Filters(), timezone.now())))
    assert len(entries) > 3
    for entry in entries:
        status = as_hanako.get(f"/my/decisions/{entry['id']}/receipt.jws").status_code
        assert (status == 200) == entry["has_receipt"] == (entry["id"] != str(textless.id))


def columns_of(row) -> dict:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_requests_count_only_answers_in_effect(home, decided):
    rows = by_id(json.loads(body(take(home, "json")))["requests"])
    undone, cancelled = rows[str(decided["undone"].request_id)], rows[str(decided["cancelled"].id)]
    assert (undone["state"], len(undone["decisions"]), undone["cancelled_at"]) == ("open", 2, None)
    assert (cancelled["state"], cancelled["decisions"]) == ("cancelled", [])
    assert cancelled["cancelled_at"] > cancelled["requested_at"]


def test_rules_and_steps_after_withdrawals_are_whole(home, reporter, decided):
    record = json.loads(body(take(home, "json")))
    assert [(row["kind"], row["code"], row["setting"], row["version"]) for row in record["rules"]] == [
        ("recipient", "kotori-salon", "refuse", 1),
        ("country", "US", "refuse", 1),
    ]
    assert record["names"]["countries"]["US"]["ja"] and record["names"]["recipients"]["kotori-salon"]["ja"]
    told, kept = record["withdrawal_steps"]
    assert (told["step"], told["is_delivery"], told["reporter"]) == ("told", True, reporter.code)
    assert (kept["step"], kept["reason"]["ja"]) == ("kept", "税法の定めです。")
    assert {told["withdrawal"], kept["withdrawal"]} == {str(decided["withdrawal"].id)}


def test_step_that_an_officer_wrote_down_names_nobody(home, decided, officer):
    take_withdrawal_step(withdrawal=decided["withdrawal"], kind=StepKind.DELETED, by=officer)
    step = json.loads(body(take(home, "json")))["withdrawal_steps"][-1]
    assert (step["step"], step["reporter"], step["reason"]) == ("deleted", None, {})


def test_hidden_recipient_and_choice_of_mails_are_in_every_format(home, hanako, disclosure, monkeypatch):
    hide_recipient(recipient=disclosure.recipient, by=hanako)
    choose_preference(frequency="weekly", by=hanako)
    record = json.loads(body(take(home, "json")))
    assert [row["recipient"] for row in record["hidden_recipients"]] == [disclosure.recipient.code]
    jsonschema_rs.validate(json.loads(SCHEMA.read_text()), record)
    (row,) = [row for row in table(body(take(home, "csv", "/en/my/export/"))) if row["Kind"].startswith("Hidden")]
    assert row["Recipient (code)"] == disclosure.recipient.code
    given = []
    monkeypatch.setattr(pdf_file, "render_pdf", lambda template, data, created_at: given.append(data) or b"")
    list(pdf_file.volumes(record_of(hanako, Filters(), timezone.now())))
    assert [len(section["tables"][0]["rows"]) for section in given[0]["sections"][-1:]] == [2]


def test_csv_holds_rules_steps_and_what_was_undone(home, decided):
    rows = table(body(take(home, "csv", "/en/my/export/")))
    (kept,) = [row for row in rows if row["Words"] == "Tax law."]
    assert (kept["Kind"], kept["State or warning"], kept["Decision"]) == (
        "After a withdrawal", "The data is kept", str(decided["withdrawal"].id),
    )  # fmt: skip
    assert [row["State or warning"] for row in rows if row["Kind"] == "Rule"] == ["always refuse", "always refuse"]
    assert {"Undone", "Undoing of an answer", "No longer asked: cancelled by the service"} <= {
        row["State or warning"] for row in rows
    }


def test_only_what_is_allowed_has_an_end_and_steps_name_the_recipient(home, hanako, decided, monkeypatch):
    given = []
    monkeypatch.setattr(pdf_file, "render_pdf", lambda template, data, created_at: given.append(data) or b"")
    list(pdf_file.volumes(record_of(hanako, Filters(), timezone.now())))
    sections = {one["heading"]: one for one in given[0]["sections"]}
    answers = [dict(card["facts"]) for card in sections["あなたの回答"]["cards"]]
    assert {facts["許可した情報"] != "–" for facts in answers} == {True, False}
    assert all(("有効期限" in facts) is (facts["許可した情報"] != "–") for facts in answers)
    assert "Northwind" in sections["取り消しの後の経過"]["tables"][0]["rows"][0][1]
    rows = table(body(take(home, "csv", "/en/my/export/")))
    withdrawals = [row["Words"] for row in rows if row["State or warning"] == "Withdrawal"]
    assert withdrawals and not any("Valid until" in words for words in withdrawals)
    assert {row["Recipient (code)"] for row in rows if row["Kind"] == "After a withdrawal"} == {"northwind-analytics"}


def test_file_of_a_part_is_named_so_and_says_its_month_in_words(home, hanakos_life):
    whole, part = take(home, "csv"), take(home, "csv", "/en/my/export/?month=2026-11")
    assert "-part-" not in whole["Content-Disposition"] and "-part-" in part["Content-Disposition"]
    assert "November 2026" in body(part).decode()


def test_pdf_holds_rules_steps_and_where_receipts_are(hanako, decided, monkeypatch):
    given = []
    monkeypatch.setattr(pdf_file, "render_pdf", lambda template, data, created_at: given.append(data) or b"")
    list(pdf_file.volumes(record_of(hanako, Filters(), timezone.now())))
    text = json.dumps(given, ensure_ascii=False)
    assert "税法の定めです。" in text and "いつも許可しない" in text
    assert f"/my/decisions/{decided['decision'].id}/receipt/" in text


def test_answers_cost_three_statements_a_chunk(hanako, decided):
    with CaptureQueriesContext(connection) as captured:
        list(decision_entries(record_of(hanako, Filters(), timezone.now())))
    assert len(captured) == 4  # one for the publication


@pytest.fixture
def corrected(hanakos_life, reporter):
    """Of hanako's booking: first it went to another recipient, then it never was."""
    disclosure = hanakos_life.disclosures.get(event_id="event-1")
    for name, facts in (("c-1", None), ("c-2", False)):
        record_disclosures(events=[a_correction(disclosure, name, facts)], by=reporter)
    return disclosure


def test_corrections_are_in_every_format_and_with_what_they_correct(home, hanakos_life, corrected):
    record = json.loads(body(take(home, "json")))
    assert [row["is_retraction"] for row in record["corrections"]] == [False, True]
    rows = [row for row in table(body(take(home, "csv"))) if row["種類"] == "訂正"]
    assert {row["識別番号"] for row in rows} == {str(corrected.id)}
    assert body(take(home, "pdf")).startswith(b"%PDF-")
    assert json.loads(body(take(home, "json", "/my/export/?flagged=on")))["corrections"] == []
    # The last correction says that it never happened: no filter finds it, the whole record has it.
    assert json.loads(body(take(home, "json", "/my/export/?recipient=minato-inn")))["corrections"] == []


def test_sums_of_the_export_count_what_is_right(home, hanako, disclosure, reporter):
    record_disclosures(events=[a_correction(disclosure)], by=reporter)
    record = json.loads(body(take(home, "json")))
    assert [(one["recipient"], one["count"]) for one in record["recipients"]] == [("komorebi-toge", 1)]
    assert [one["recipient"] for one in record["disclosures"]] == ["minato-inn"]
    narrowed = json.loads(body(take(home, "json", "/my/export/?recipient=komorebi-toge")))
    assert [one["id"] for one in narrowed["disclosures"]] == [str(disclosure.id)]
    assert len(narrowed["corrections"]) == 1


def test_json_keeps_to_its_documented_schema(home, hanakos_life, corrected, decided):
    jsonschema_rs.validate(json.loads(SCHEMA.read_text()), json.loads(body(take(home, "json"))))


@pytest.mark.parametrize(
    ("part", "column", "codes"),
    [
        ("disclosures", "flags", [flag.code for flag in Flag]),
        ("corrections", "flags", [flag.code for flag in Flag]),
        ("disclosures", "ground", [ground.code for ground in Ground]),
        ("requests", "state", requests.STATES),
        ("rules", "kind", RuleKind.values),
        ("rules", "setting", RuleSetting.values),
        ("withdrawal_steps", "step", [kind.code for kind in StepKind]),
    ],
)
def test_documented_schema_knows_every_code(part, column, codes):
    documented = json.loads(SCHEMA.read_text())["properties"][part]["items"]["properties"][column]
    assert set(documented.get("items", documented)["enum"]) == set(codes)


def test_json_is_the_same_in_every_language(home, hanakos_life):
    japanese, english = (json.loads(body(take(home, "json", path))) for path in ("/my/export/", "/en/my/export/"))
    assert {**japanese, "made_at": ""} == {**english, "made_at": ""}


def test_json_holds_nothing_of_anybody_else(home, hanakos_life, taro, reporter):
    record_disclosures(events=[an_event("taros", subject=taro.subject, recipient="kotori-salon")], by=reporter)
    text = body(take(home, "json")).decode()
    assert taro.subject not in text and "kotori-salon" not in text


def test_csv_opens_in_a_spreadsheet(home, hanakos_life):
    content = body(take(home, "csv"))
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") >= len(table(content)) > 10
    kinds = {row["種類"] for row in table(content)}
    assert {"提供記録", "提供の確認", "回答", "お知らせ", "この記録について", "記録の完全さ"} <= kinds


def test_csv_says_in_english_what_it_says_in_japanese(home, hanakos_life):
    japanese, english = (table(body(take(home, "csv", path))) for path in ("/my/export/", "/en/my/export/"))
    assert [row["識別番号"] for row in japanese] == [row["Identifier"] for row in english]
    assert "Disclosure" in {row["Kind"] for row in english}


def test_csv_is_sent_for_keeping_under_a_name_that_names_nobody(home, disclosure):
    response = take(home, "csv")
    assert response["Content-Disposition"].startswith('attachment; filename="privacy-record-2')
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("text", ["=1+1", "+81", "-1", "@x", "\t=1", "\r=1", "\n=1", "＝1", " =1", "　@x"])
def test_cell_that_begins_like_a_formula_is_defused(text):
    assert csv_file.defused(text) == f"'{text}"


@pytest.mark.parametrize("text", ["湯宿 みなと", "2026-11-01 10:00:00", "a=b", "", "a-b"])
def test_cell_that_is_no_formula_stays_as_it_is(text):
    assert csv_file.defused(text) == text


def test_formula_of_a_service_or_a_title_does_not_reach_the_spreadsheet(home, hanako, reporter):
    Recipient.objects.create(
        code="evil", title='=HYPERLINK("http://x")', country=Recipient.objects.first().country, position=999
    )
    record_disclosures(events=[an_event('=cmd|" /C calc"!A0', recipient="evil")], by=reporter)
    (row,) = [row for row in table(body(take(home, "csv"))) if row["種類"] == "提供記録"]
    assert (row["提供先"][:2], row["報告の番号"][:2]) == ("'=", "'=")


def test_pdf_is_tagged_and_holds_the_text_of_each_answer(home, hanakos_life):
    assert b"/StructTreeRoot" in body(take(home, "pdf"))
    data = []
    pdf = pytest.MonkeyPatch()
    pdf.setattr(pdf_file, "render_pdf", lambda template, given, created_at: data.append(given) or b"")
    list(pdf_file.volumes(record_of(hanakos_life, Filters(), timezone.now())))
    pdf.undo()
    cards = [card for section in data[0]["sections"] for card in section["cards"]]
    assert any("回答したときに表示されていた文面" in card["text"] for card in cards)


def test_long_pdf_comes_in_volumes_that_hold_each_disclosure_once(hanako, reporter, monkeypatch):
    monkeypatch.setattr(pdf_file, "VOLUME_ROWS", 4)
    made = []
    monkeypatch.setattr(pdf_file, "render_pdf", lambda template, given, created_at: made.append(given) or b"")
    record_disclosures(events=[an_event(f"e-{n}") for n in range(9)], by=reporter)
    list(pdf_file.volumes(record_of(hanako, Filters(), timezone.now())))
    rows = [
        [len(t["rows"]) for s in volume["sections"] for t in s["tables"] if len(t["columns"]) == 5] for volume in made
    ]
    assert rows == [[4], [4], [1]]


def test_empty_record_says_so_in_every_format(home):
    assert json.loads(body(take(home, "json")))["disclosures"] == []
    assert table(body(take(home, "csv")))
    assert body(take(home, "pdf")).startswith(b"%PDF-")


def test_what_came_in_after_the_beginning_is_left_out(hanako, reporter, disclosure):
    record = record_of(hanako, Filters(), timezone.now())
    record_disclosures(events=[an_event("later")], by=reporter)
    made = json.loads(b"".join(json_file.pieces(record)))
    assert (made["disclosure_count"], len(made["disclosures"])) == (1, 1)


# --- A part of it ----------------------------------------------------------------------------------------------------


def test_narrowed_record_holds_only_what_the_list_shows(home, hanakos_life):
    record = json.loads(body(take(home, "json", "/my/export/?flagged=on&cursor=x")))
    assert (record["is_whole"], record["narrowed_to"]) == (False, {"flagged": True})
    assert len(record["disclosures"]) == 1
    assert "decisions" not in record


def test_narrowed_record_says_on_the_page_to_what(home, hanakos_life):
    main = read(home.get("/my/export/?recipient=minato-inn")).one("main")
    assert "湯宿 みなと" in main.text
    assert main.one("form", cls="form")["action"] == "/my/export/?recipient=minato-inn"


@pytest.mark.parametrize(
    "query", ["recipient=%00", "recipient=../..", "nothing=1", "flagged=", "recipient=" + "x" * 9999]
)
def test_address_with_rubbish_never_fails(home, disclosure, query):
    assert home.get(f"/my/export/?{query}").status_code == 200
    assert take(home, "csv", f"/my/export/?{query}").status_code == 200


# --- Cost ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [csv_file.pieces, json_file.pieces], ids=["csv", "json"])
def test_each_chunk_costs_one_statement_and_is_all_that_is_held(hanako, reporter, monkeypatch, make):
    monkeypatch.setattr(keyset, "CHUNK_ROWS", 10)
    record_disclosures(events=[an_event(f"e-{n}") for n in range(45)], by=reporter)

    def statements(size):
        monkeypatch.setattr(keyset, "CHUNK_ROWS", size)
        with CaptureQueriesContext(connection) as captured:
            list(make(record_of(hanako, Filters(), timezone.now())))
        chunks = [query["sql"] for query in captured if "event_id" in query["sql"]]
        assert chunks and all("LIMIT" in sql for sql in chunks)
        return len(captured)

    assert statements(10) - statements(100) == 4  # 5 chunks instead of one


def test_disclosures_of_one_moment_are_each_in_one_chunk(hanako, reporter, monkeypatch):
    monkeypatch.setattr(keyset, "CHUNK_ROWS", 7)
    record_disclosures(events=[an_event(f"e-{n}") for n in range(30)], by=reporter)
    ids = [entry["id"] for entry in disclosure_part.disclosure_entries(record_of(hanako, Filters(), timezone.now()))]
    assert sorted(ids) == sorted(map(str, hanako.disclosures.values_list("id", flat=True)))


def test_page_costs_the_same_however_many_files(home, hanako, disclosure):
    def statements():
        with CaptureQueriesContext(connection) as captured:
            assert home.get("/my/export/").status_code == 200
        return len(captured)

    few = statements()
    for _n in range(3):
        take(home, "json")
    assert statements() == few <= 12


# --- Files that the worker makes -------------------------------------------------------------------------------------


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


def test_file_is_for_its_owner_alone_and_stands_under_a_name_nobody_guesses(export, settings):
    work_off()
    (path,) = settings.EXPORTS_ROOT.iterdir()
    assert path.stat().st_mode & 0o077 == 0
    assert str(export.id) not in path.name and len(path.stem) == 64


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


def test_file_of_a_killed_worker_is_made_by_the_next_and_nothing_is_left_behind(home, export, settings):
    Export.objects.update(held_until=timezone.now() - timedelta(seconds=1), done_count=1)
    settings.EXPORTS_ROOT.mkdir(parents=True)
    stem = Path(file_store.file_name(export, 1)).stem
    (settings.EXPORTS_ROOT / f"{stem}.part").write_text("half of i")
    work_off()
    assert [path.suffix for path in settings.EXPORTS_ROOT.iterdir()] == [".csv"]


def test_file_that_cannot_be_written_is_tried_again(home, export, monkeypatch):
    monkeypatch.setattr(file_store, "write", lambda *_: 1 / 0)
    work_off()
    assert OutboxRow.objects.get(topic="export.requested").attempt_count == 1
    monkeypatch.undo()
    assert state(home, export) == "作成しています"


def test_file_that_cannot_be_written_for_a_day_is_given_up_and_can_be_asked_for_again(home, export, monkeypatch):
    monkeypatch.setattr(file_store, "write", lambda *_: 1 / 0)
    Export.objects.update(requested_at=timezone.now() - timedelta(days=2))
    work_off()
    page = read(home.get(f"/my/export/{export.id}/")).one("main")
    assert page.one("p", role="status").text == "作成できませんでした"
    assert page.one("form")["action"] == "/my/export/"


def test_file_is_deleted_after_seven_days_and_can_be_made_again(home, export, settings):
    work_off()
    row = OutboxRow.objects.get(topic="export.expiring")
    assert timedelta(days=6, hours=23) < row.due_at - timezone.now() <= timedelta(days=7)
    Export.objects.update(expires_at=timezone.now())
    assert fetch(home, export).status_code == 409
    OutboxRow.objects.update(due_at=timezone.now())
    work_off()
    assert list(settings.EXPORTS_ROOT.iterdir()) == []
    assert read(home.get(f"/my/export/{export.id}/")).one("main").one("form")["action"] == "/my/export/"


def test_file_that_somebody_removed_is_said_to_be_gone(home, export, settings):
    work_off()
    next(settings.EXPORTS_ROOT.iterdir()).unlink()
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
        row
        for row in table(file_store.path_of(hanako.exports.get().file_name).read_bytes())
        if row["Kind"] == "Disclosure"
    ]
    assert row["State or warning"]


def test_file_sent_at_once_is_listed_but_not_kept(home, hanako, disclosure, settings):
    body(take(home, "csv"))
    assert "その場で渡しました" in read(home.get("/my/export/")).one("ul", cls="rows").text
    assert not settings.EXPORTS_ROOT.exists()
    assert not Notice.objects.filter(kind=NoticeKind.EXPORT_READY).exists()


def test_file_never_calls_a_service_complete_whose_reports_are_missing():
    moment = datetime(2026, 11, 1, 3, tzinfo=UTC)
    entry = dict.fromkeys(("reported_since", "last_reported_at", "complete_since", "complete_until"), moment)
    with translation.override("en"):
        assert "complete from" in coverage_words({**entry, "missing_count": 0})
        assert "complete from" not in coverage_words({**entry, "missing_count": 2})
        nothing = coverage_words({**entry, "reported_since": None, "last_reported_at": None, "missing_count": 5})
    assert nothing == "Has not reported yet, 5 reports are missing"
