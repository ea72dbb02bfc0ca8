"""What the record holds: everything that is the person’s, each part whole, and a chunk at a time."""

import json
import re
from datetime import UTC, datetime, timedelta

import jsonschema_rs
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from consents.exports import csv_file, json_file, pdf_file, pdf_others
from consents.exports.record import disclosure_part, keyset, record_of, registry
from consents.exports.record.consent_parts import decision_entries
from consents.exports.record.other_parts import account_change_entries
from consents.incidents.actions import attach_list, open_incident, tell_people, write_text
from consents.models import Decision, RecallCase, RecallKind, RecallStepKind, StepKind
from consents.notices.actions import choose_preference
from consents.recalls.about import EVERYTHING
from consents.recalls.actions import file_recall, take_recall_step
from consents.withdrawals.actions import take_withdrawal_step
from disclosures.affected.actions import ask_for_list
from disclosures.inquiry_handling.actions import check_identity, extend_inquiry, note_inquiry
from disclosures.ledger.recording import record_disclosures
from disclosures.models import Case, CaseKind, CitedEvidence, Disclosure, EvidenceKind, IdentityState, Recipient
from disclosures.officers.actions import take_case_step
from disclosures.publishing.actions import publish_content
from disclosures.record.actions import hide_recipient
from disclosures.record.filters import Filters
from privacycenter.identifiers import uuid7
from privacycenter.outbox.working import work_off
from tests.support.clock import clock_at
from tests.support.content import publish_as_it_is
from tests.support.events import a_correction, an_event
from tests.support.exports import SCHEMA, body, by_id, table, take
from tests.support.html import read
from tests.support.incidents import INN, JA, TEXT, WHY, keep_back
from tests.support.inquiries import filed
from tests.support.questions import asked
from tests.support.staging import publish_scenario

pytestmark = pytest.mark.django_db


def test_json_holds_every_part(home, hanakos_life):
    record = json.loads(body(take(home, "json")))
    assert record["is_whole"] is True
    filled = [name for name in registry.PARTS if record[name]]
    assert set(registry.PARTS) - set(filled) == {
        "corrections", "inquiries", "mailings", "preferences", "hidden_recipients",
        "rules", "withdrawal_steps", "recalls", "countersignatures", "incidents", "findings", "questions",
        "representations", "acts",
    }  # fmt: skip
    assert [row["flags"] for row in record["disclosures"]] == [[], ["items_not_allowed"]]
    assert record["names"]["recipients"]["minato-inn"]["ja"] == "湯宿 みなと"


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
    (row,) = [row for row in table(body(take(home, "csv", "/en/my/export/"))) if row["Type"].startswith("Hidden")]
    assert row["Recipient (code)"] == disclosure.recipient.code
    given = []
    monkeypatch.setattr(pdf_file, "render_pdf", lambda template, data, created_at: given.append(data) or b"")
    list(pdf_file.volumes(record_of(hanako, Filters(), timezone.now())))
    assert [len(section["tables"][0]["rows"]) for section in given[0]["sections"][-2:-1]] == [2]


def test_questions_of_services_are_in_every_format(home, hanako, disclosure, monkeypatch):
    asked(hanako, 14, days_ago=3)
    asked(hanako, 1, days_ago=400)
    record = json.loads(body(take(home, "json")))
    (row,) = record["questions"]
    assert (row["recipient"], row["service"], row["answer"], row["count"]) == (
        "northwind-analytics",
        "jalan",
        "refused",
        14,
    )
    assert record["names"]["recipients"]["northwind-analytics"]
    jsonschema_rs.validate(json.loads(SCHEMA.read_text()), record)
    (line,) = [
        row for row in table(body(take(home, "csv", "/en/my/export/"))) if row["Type"] == "Questions of a service"
    ]
    assert (line["Service (code)"], line["Details"]) == ("jalan", "at least 14 times")
    given = []
    monkeypatch.setattr(pdf_file, "render_pdf", lambda template, data, created_at: given.append(data) or b"")
    list(pdf_file.volumes(record_of(hanako, Filters(), timezone.now())))
    rows = [row for one in given[0]["sections"] for made in one["tables"] for row in made["rows"]]
    assert [len(row) for row in rows if row[-1] in ("at least 14 times", "少なくとも14回")] == [5]


def test_csv_holds_rules_steps_and_what_was_undone(home, decided):
    rows = table(body(take(home, "csv", "/en/my/export/")))
    (kept,) = [row for row in rows if row["Details"] == "Tax law."]
    assert (kept["Type"], kept["State or warning"], kept["Number of the answer"]) == (
        "After a withdrawal", "Reported: the recipient keeps data", str(decided["withdrawal"].id),
    )  # fmt: skip
    assert [row["State or warning"] for row in rows if row["Type"] == "Rule"] == ["always refuse", "always refuse"]
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
    ends = [{"有効期限", "許可したときの有効期限"} & facts.keys() for facts in answers]
    assert [len(end) for end in ends] == [int(facts["許可した情報"] != "–") for facts in answers]
    assert "Northwind" in sections["取り消しの後の経過"]["tables"][0]["rows"][0][1]
    rows = table(body(take(home, "csv", "/en/my/export/")))
    withdrawals = [row["Details"] for row in rows if row["State or warning"] == "Withdrawal"]
    assert withdrawals and not any("Valid until" in words for words in withdrawals)
    assert {row["Recipient (code)"] for row in rows if row["Type"] == "After a withdrawal"} == {"northwind-analytics"}


def test_file_of_a_part_is_named_so_and_says_its_month_in_words(home, hanakos_life):
    whole, part = take(home, "csv"), take(home, "csv", "/en/my/export/?month=2026-11")
    assert "-part-" not in whole["Content-Disposition"] and "-part-" in part["Content-Disposition"]
    assert "November 2026" in body(part).decode()


def test_pdf_says_first_who_received_what_and_last_the_identifiers(hanako, corrected, decided, monkeypatch):
    given = []
    monkeypatch.setattr(pdf_file, "render_pdf", lambda template, data, created_at: given.append(data) or b"")
    list(pdf_file.volumes(record_of(hanako, Filters(), timezone.now())))
    first, *body, last = given[0]["sections"]
    assert first["heading"] == "要約:提供先と提供した情報" and first["tables"]
    seen = json.dumps([given[0]["facts"], first, body], ensure_ascii=False)
    assert not re.search(r"[0-9a-f]{32}", seen)
    ids = [str(corrected.id), *(str(one.id) for one in hanako.decisions.all())]
    assert all(id in str(last) for id in ids)
    assert not any(id in seen.replace(f"/my/decisions/{id}/receipt/", "") for id in ids)


def test_correction_in_the_pdf_names_its_disclosure_by_number(hanako, corrected, monkeypatch):
    given = []
    monkeypatch.setattr(pdf_file, "VOLUME_ROWS", 1)
    monkeypatch.setattr(pdf_file, "render_pdf", lambda template, data, created_at: given.append(data) or b"")
    list(pdf_file.volumes(record_of(hanako, Filters(), timezone.now())))
    rows = [row for volume in given for one in volume["sections"] for found in one["tables"] for row in found["rows"]]
    (number,) = [row[0] for row in rows if len(row) == 6 and row[0].isdigit() and "湯宿 みなと" in row[2]]
    (cards,) = [one["cards"] for volume in given for one in volume["sections"] if one["heading"] == "提供記録の訂正"]
    assert [dict(card["facts"])["提供記録の番号"] for card in cards] == [f"番号{number}"] * 2


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
    assert len(captured) == 6  # one for the publication, two for what recipients keep


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


def test_recalls_incidents_and_findings_are_in_every_format(home, hanakos_life, hanako, officer):
    """What was found about an entry that the law keeps back is in none."""
    shown, kept = hanako.disclosures.order_by("event_id")
    for about, found in ((shown, "誤りはありませんでした。"), (kept, "秘密です。")):
        now = timezone.now()
        case = Case.objects.create(
            kind=CaseKind.FLAGGED, cause=uuid7(), reporter=about.reporter, day=now, opened_at=now, due_on=now
        )
        for _time in range(2):
            case.events.create(whose=hanako, disclosure_id=about.id, conflict_id=uuid7(), recorded_at=now)
        take_case_step(case=case, reason="x", words={"ja": found}, is_closing=True, by=officer)
    keep_back(hanako, kept.event_id, officer)
    made = open_incident(title="x", noticed_at=timezone.now(), by=officer)
    attach_list(incident=made, affected=ask_for_list(filters=INN, reason=WHY, by=officer, is_made_now=True), by=officer)
    write_text(incident=made, words=TEXT, by=officer)
    tell_people(incident=made, by=officer)
    work_off()
    recall = file_recall(kind=RecallKind.DELETE, about=EVERYTHING, incident=made.pk, by=hanako)
    case = RecallCase.objects.get(recall_id=recall.id)
    take_recall_step(case=case, kind=RecallStepKind.KEPT, reason={"ja": "税法の定めです。"}, by=officer)
    record = json.loads(body(take(home, "json")))
    jsonschema_rs.validate(json.loads(SCHEMA.read_text()), record)
    assert [(row["disclosure"], row["words"]["ja"]) for row in record["findings"]] == [
        (str(shown.id), "誤りはありませんでした。")
    ]
    assert [row["incident"] for row in record["recalls"]] == [str(made.pk)]
    assert [row["id"] for row in record["incidents"]] == [str(made.pk)]
    texts = " ".join(row["内容"] for row in table(body(take(home, "csv"))))
    assert "誤りはありませんでした。" in texts and JA["title"] in texts and "税法の定めです。" in texts
    assert "秘密です。" not in texts
    assert body(take(home, "pdf")).startswith(b"%PDF")


def test_evidence_is_in_every_format_without_the_number_of_an_order(home, hanako, reporter):
    act, order = CitedEvidence(EvidenceKind.ACT, "R-000123", 1), CitedEvidence(EvidenceKind.ORDER, "K-77")
    record_disclosures(events=[an_event(evidence=act), an_event("ordered", evidence=order)], by=reporter)
    disclosure = hanako.disclosures.get(event_id="event-1")
    record_disclosures(events=[a_correction(disclosure, facts={"evidence": order})], by=reporter)
    record = json.loads(body(take(home, "json")))
    jsonschema_rs.validate(json.loads(SCHEMA.read_text()), record)
    hidden = {"kind": "order", "reference": None, "shown_publication": None}
    shown = {"kind": "act", "reference": "R-000123", "shown_publication": 1}
    by_event = {row["event_id"]: row["evidence"] for row in record["disclosures"]}
    assert by_event == {"event-1": shown, "ordered": hidden}
    assert [row["evidence"] for row in record["corrections"]] == [hidden]
    rows = table(body(take(home, "csv")))
    assert [row["根拠の記録"] for row in rows if "R-000123" in row["根拠の記録"]] == [
        "サービスでのあなたの操作:R-000123(サービスの報告では、公開版1を表示)"
    ]
    english = table(body(take(home, "csv", "/en/my/export/")))
    assert any("(publication 1 was shown, as the service reported)" in row["Evidence"] for row in english)
    assert all("K-77" not in value for row in rows for value in row.values())


def test_record_says_who_the_recipient_was_then(home, hanako, reporter):
    Recipient.objects.filter(code="minato-inn").update(representative="代表 湊 一")
    then = publish_content(by=None)
    record_disclosures(events=[an_event("then")], by=reporter)
    Recipient.objects.filter(code="minato-inn").update(
        title="新しい名", address="新しい住所", representative="", i18n={}
    )
    now = publish_content(by=None)
    record_disclosures(events=[an_event("now")], by=reporter)
    record = json.loads(body(take(home, "json")))
    jsonschema_rs.validate(json.loads(SCHEMA.read_text()), record)
    versions = {one["publication"]: one for one in record["provided_to"]}
    assert (versions[then.number]["name"]["ja"], versions[then.number]["representative"]["ja"]) == (
        "湯宿 みなと", "代表 湊 一",
    )  # fmt: skip
    assert (versions[now.number]["address"]["ja"], versions[now.number]["representative"]) == ("新しい住所", None)
    assert [row["publication"] for row in record["disclosures"]] == [then.number, now.number]
    rows = {row["報告の番号"]: row for row in table(body(take(home, "csv")))}
    assert (rows["then"]["提供先"], rows["then"]["提供先の代表者"]) == ("湯宿 みなと", "代表 湊 一")
    assert (rows["now"]["提供先の住所"], rows["now"]["提供先の代表者"]) == ("新しい住所", "記載なし")


@pytest.mark.parametrize(("recorded_at", "number"), [(timezone.now, 1), (lambda: datetime(2020, 1, 1, tzinfo=UTC), 0)])
def test_row_of_before_names_the_publication_that_was_in_force(home, hanako, disclosure, recorded_at, number):
    """Version 0.1 did not store by which publication a row was judged."""
    values = {field.attname: getattr(disclosure, field.attname) for field in Disclosure._meta.concrete_fields}
    of_before = {"id": uuid7(), "event_id": "before", "publication": None, "recorded_at": recorded_at()}
    Disclosure.objects.create(**{**values, **of_before})
    record = json.loads(body(take(home, "json")))
    assert {row["event_id"]: row["publication"] for row in record["disclosures"]} == {"event-1": 1, "before": number}
    named = {one["publication"]: one["address"] for one in record["provided_to"]}
    assert named[number] == (None if number == 0 else named[1])


def test_what_came_in_after_the_beginning_is_left_out(hanako, reporter, disclosure):
    record = record_of(hanako, Filters(), timezone.now())
    record_disclosures(events=[an_event("later")], by=reporter)
    made = json.loads(b"".join(json_file.pieces(record)))
    assert (made["disclosure_count"], len(made["disclosures"])) == (1, 1)


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


def test_every_row_says_its_route_as_published_when_it_was_recorded(home, hanako, reporter):
    publish_scenario("online-booking", route="consent", route_abroad="equal_country")
    for number, recipient in enumerate(("minato-inn", "northwind-analytics")):
        record_disclosures(events=[an_event(f"r{number}", recipient=recipient)], by=reporter)
    record_disclosures(events=[a_correction(hanako.disclosures.get(event_id="r0"))], by=reporter)
    publish_scenario("online-booking", route="exception", route_abroad="consent")
    record_disclosures(events=[an_event("later")], by=reporter)
    made = json.loads(body(take(home, "json")))
    found = {row["event_id"]: (row["route"], row["basis_abroad"]) for row in made["disclosures"]}
    assert found == {"r0": ("consent", None), "r1": ("consent", "equal_country"), "later": ("exception", None)}
    assert {(row["route"], row["basis_abroad"]) for row in made["corrections"]} <= {("consent", None), (None, None)}
    rows = {row["Number of the report"]: row for row in table(body(take(home, "csv", "/en/my/export/")))}
    assert rows["r1"]["Legal route"] == "consent (art. 27(1))"
    assert rows["r1"]["Basis for provision abroad"].startswith("a country with an equal system")
    assert rows["r0"]["Basis for provision abroad"] == ""


def test_answers_in_files_are_named_as_they_were_read(home, hanako, decided):
    Recipient.objects.filter(code="northwind-analytics").update(title="改名したあとの会社", i18n={})
    publish_as_it_is()
    rows = [row for row in table(body(take(home, "csv"))) if row["種類"] == "回答"]
    assert (
        "Northwind Analytics, Inc." in (named := {row["提供先"] for row in rows}) and "改名したあとの会社" not in named
    )
    made = json.loads(body(take(home, "json")))
    assert {one["shown_names"]["recipient"] for one in made["decisions"]} == named


def test_every_format_says_what_staff_did_to_the_account_and_names_nobody(home, hanakos_life, officer):
    step = hanakos_life.account_steps.get()
    (entry,) = json.loads(body(take(home, "json")))["account_changes"]
    assert (entry["id"], entry["change"], entry["kind"], entry["stage"]) == (
        str(step.id), str(step.id), "sessions_ended", "done",
    )  # fmt: skip
    assert (entry["role"], entry["reason"]) == ("officers", "端末の紛失") and officer.username not in entry.values()
    (row,) = [row for row in table(body(take(home, "csv"))) if row["種類"] == "担当者がアカウントに対して行った操作"]
    assert "端末の紛失" in str(row) and "すべての端末でログアウト" in str(row) and officer.username not in str(row)
    (shown,) = pdf_others.account_change_tables(record_of(hanakos_life, Filters(), timezone.now()))
    assert "端末の紛失" in str(shown)


def test_changes_of_the_account_cost_one_statement_for_each_chunk(hanakos_life, django_assert_num_queries):
    record = record_of(hanakos_life, Filters(), timezone.now())
    with django_assert_num_queries(1):
        assert len(list(account_change_entries(record))) == 1


def test_more_time_and_the_check_of_who_somebody_is_are_in_every_format(home, hanako, officer, monkeypatch):
    with clock_at(timezone.now() - timedelta(days=1)):
        inquiry = filed(by=hanako)
        until = timezone.localdate() + timedelta(days=30)
        check_identity(inquiry=inquiry, identity=IdentityState.ASKED, words="お電話ください。", by=officer)
        check_identity(inquiry=inquiry, identity=IdentityState.NOT_NEEDED, note="番号を存じています。", by=officer)
        extend_inquiry(inquiry=inquiry, until=until, reason="2つのサービスに確かめます。", by=officer)
        note_inquiry(inquiry=inquiry, note="社内のメモ", by=officer)
    record = json.loads(body(take(home, "json")))
    jsonschema_rs.validate(json.loads(SCHEMA.read_text()), record)
    (entry,) = record["inquiries"]
    assert entry["due_on"] == until.isoformat()
    assert [(one["kind"], one["identity"], one["way"], one["due_on"], one["words"]) for one in entry["events"]] == [
        ("identity", "confirmed", "log_in", None, ""),
        ("identity", "asked", None, None, "お電話ください。"),
        ("extended", None, None, until.isoformat(), "2つのサービスに確かめます。"),
    ]
    page = read(home.get(f"/en/my/inquiries/{inquiry.reference}/")).one("main").text
    (row,) = [row for row in table(body(take(home, "csv", "/en/my/export/"))) if row["Identifier"] == inquiry.reference]
    given = []
    monkeypatch.setattr(pdf_file, "render_pdf", lambda template, data, created_at: given.append(data) or b"")
    with override("en"):
        list(pdf_file.volumes(record_of(hanako, Filters(), timezone.now())))
    for shown in (page, row["Details"], str(given)):
        assert "More time was taken: to be answered by" in shown and "2つのサービスに確かめます。" in shown
        assert "Identity: the sender was asked" in shown and "お電話ください。" in shown
        assert "番号を存じています。" not in shown and "社内のメモ" not in shown
    assert row["State or warning"] == "received" and "To be answered by: " in row["Details"]
