"""The record as JSON, CSV and PDF: documented, for nobody else, in files that do no harm."""

import json
from typing import get_args

import jsonschema_rs
import pytest
from django.utils import timezone

from consents.asking.api import State
from consents.checking.effective_permissions import DecisionState
from consents.exports import csv_file, pdf_file
from consents.exports.record import record_of
from consents.models import RuleKind, RuleSetting, StepKind
from disclosures.ledger.recording import record_disclosures
from disclosures.models import Flag, Ground, Recipient
from disclosures.record.filters import Filters
from tests.support.events import an_event
from tests.support.exports import SCHEMA, body, table, take

pytestmark = pytest.mark.django_db


def test_json_keeps_to_its_documented_schema(home, hanakos_life, corrected, decided):
    jsonschema_rs.validate(json.loads(SCHEMA.read_text()), json.loads(body(take(home, "json"))))


@pytest.mark.parametrize(
    ("part", "column", "codes"),
    [
        ("disclosures", "flags", [flag.code for flag in Flag]),
        ("corrections", "flags", [flag.code for flag in Flag]),
        ("disclosures", "ground", [ground.code for ground in Ground]),
        ("requests", "state", get_args(State)),
        ("decisions", "state", list(DecisionState)),
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


def test_csv_begins_with_the_ledger_and_ends_with_what_the_record_is(home, hanakos_life, corrected):
    kinds = [row["Type"] for row in table(body(take(home, "csv", "/en/my/export/")))]
    assert kinds[:4] == ["Disclosure", "Disclosure", "Correction", "Correction"]
    about = ("About this record", "How complete", "Not in this record")
    assert [kind in about for kind in kinds] == sorted(kind in about for kind in kinds) and kinds[-1] == about[-1]


def test_csv_says_in_english_what_it_says_in_japanese(home, hanakos_life):
    japanese, english = (table(body(take(home, "csv", path))) for path in ("/my/export/", "/en/my/export/"))
    assert [row["識別番号"] for row in japanese] == [row["Identifier"] for row in english]
    assert "Disclosure" in {row["Type"] for row in english}


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
    shown = dict(text for card in cards for text in card["texts"])
    assert "アンケート" in shown["回答したときに表示されていた文面:"]


def test_long_pdf_comes_in_volumes_that_hold_each_disclosure_once(hanako, reporter, monkeypatch):
    monkeypatch.setattr(pdf_file, "VOLUME_ROWS", 4)
    made = []
    monkeypatch.setattr(pdf_file, "render_pdf", lambda template, given, created_at: made.append(given) or b"")
    record_disclosures(events=[an_event(f"e-{n}") for n in range(9)], by=reporter)
    list(pdf_file.volumes(record_of(hanako, Filters(), timezone.now())))
    rows = [
        [len(t["rows"]) for s in volume["sections"] if s["heading"] == "すべての提供記録" for t in s["tables"]]
        for volume in made
    ]
    assert rows == [[4], [4], [1]]


def test_empty_record_says_so_in_every_format(home):
    assert json.loads(body(take(home, "json")))["disclosures"] == []
    assert table(body(take(home, "csv")))
    assert body(take(home, "pdf")).startswith(b"%PDF-")
