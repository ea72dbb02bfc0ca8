"""Files of recipients: what is read of them, line by line, and what they would change."""

import re

import pytest

from disclosures.models import Recipient
from disclosures.recipients.csv_columns import columns
from disclosures.recipients.csv_reading import MOST_LINES, read_file
from disclosures.recipients.plans import plan_of
from disclosures.recipients.queries import lines

HEAD = "code,title_ja,country"


def wrong(text, encoding="utf-8"):
    return [(one.line, one.column) for one in plan_of(text.encode(encoding)).problems]


# --- Letters, columns, lines -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_letters_are_known_by_themselves(encoding):
    (line,) = read_file(f"{HEAD}\r\nsazanami,髙島①,JP\r\n".encode(encoding)).lines
    assert line.cells == {"code": "sazanami", "title_ja": "髙島①", "country": "JP"}


def test_letters_of_another_kind_are_told():
    (problem,) = read_file(f"{HEAD}\nsazanami,宿,JP".encode("euc_jis_2004") + b"\x81\xff").problems
    assert (problem.line, problem.column) == (0, "")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separator_is_known_by_the_first_line(separator):
    text = f"{HEAD}\nsazanami,宿,JP\n".replace(",", separator)
    assert read_file(text.encode()).lines[0].cells["title_ja"] == "宿"


def test_number_of_a_line_is_that_of_a_text_editor():
    text = f'{HEAD},address_ja\n\na,"い\nろ",JP,\nb,は,JP,"に\nほ"\nc,へ,JP,\n'
    assert [(line.number, line.code) for line in read_file(text.encode()).lines] == [(3, "a"), (5, "b"), (7, "c")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [(0, "")]),
        ("\n\n", [(0, "")]),
        (HEAD, [(0, "")]),
        ("code,titel_ja\na,宿\n", [(1, "titel_ja")]),
        ("title_ja,country\n宿,JP\n", [(1, "code")]),
        ("code,country,country\na,JP,JP\n", [(1, "country")]),
        (f"{HEAD}\na,宿,JP,more\n", [(2, "")]),
        (f"{HEAD}\n,宿,JP\n", [(2, "code"), (2, "code")]),
        (f"{HEAD}\na,宿,JP\nb,宿,JP\na,宿,JP\n", [(4, "code")]),
        (f'{HEAD}\na,"宿,JP\n', [(0, "")]),
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_what_is_wrong_in_the_form_is_told_with_its_line(text, expected):
    assert wrong(text) == expected


@pytest.mark.django_db
def test_file_with_too_many_lines_is_refused():
    text = "\n".join([HEAD, *(f"r-{number},宿,JP" for number in range(MOST_LINES + 1))])
    assert wrong(text) == [(MOST_LINES + 2, "")]


# --- What a line says ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "cell"), [("on_hold_from", "yesterday"), ("on_hold_from", "2026-13-01"), ("position", "-1"), ("position", "9" * 20), ("position", "9" * 5000)]
)  # fmt: skip
@pytest.mark.django_db
def test_wrong_cell_is_told_in_the_language_of_the_desk(column, cell):
    content = f"{HEAD},{column}\nsazanami,宿,JP,{cell}\n".encode()
    assert [one.column for one in plan_of(content).problems] == [column]
    assert not re.search("[a-z] [a-z]", plan_of(content).problems[0].reason)


def test_file_that_is_no_csv_is_told_in_the_language_of_the_desk():
    for text in (f'{HEAD}\na,"宿,JP\n', f"{HEAD}\na,{'宿' * 140_000},JP\n"):
        assert "引用符" in read_file(text.encode()).problems[0].reason


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("code", "Big"), ("title_ja", ""), ("title_ja", "x" * 201), ("country", "QQ"), ("country", "Japan"), ("url", "javascript:x"),
        ("url", "https://user:pw@inn.example/"), ("contact", "https://user:pw@inn.example/"),
        ("is_example", "perhaps"), ("basis_checked_on", "yesterday"), ("basis_abroad", "magic"), ("position", "first"), ("position", "9999999999"),
        ("on_hold_until", "2026-01-01"), ("title_ja", "\u202eevil"),
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_wrong_cell_is_told_with_its_line_and_column(column, cell):
    values = {"code": "sazanami", "title_ja": "宿", "country": "JP", "is_example": "no", column: cell}
    found = wrong("\n".join([",".join(values), ",".join(values.values())]))
    expected = "on_hold_from" if column == "on_hold_until" else column
    assert found and found[0][0] == 2 and found[0][1] and expected.startswith(found[0][1])


@pytest.mark.django_db
def test_columns_that_are_not_there_leave_their_fields_alone():
    plan = plan_of(b"code,title_en\nminato-inn,Minato\nkomorebi-toge,\n")
    assert plan.problems == [] and len(plan.changed) == 2
    before, after = plan.before["minato-inn"], plan.after["minato-inn"]
    assert after == {**before, "title": {"ja": before["title"]["ja"], "en": "Minato"}}
    assert plan.after["komorebi-toge"]["title"] == {"ja": plan.before["komorebi-toge"]["title"]["ja"]}


@pytest.mark.django_db
def test_days_and_answers_of_a_spreadsheet_are_read():
    text = (
        "code,title_ja,country,is_example,basis_checked_on,on_hold_from,on_hold_reason_ja\n"
        "sazanami,宿,JP,TRUE,2026/4/1,2026/4/1 9:30,調査中です。\n"
    )
    (row,) = plan_of(text.encode("cp932")).new
    assert (row.is_example, str(row.basis_checked_on)) == (True, "2026-04-01")
    assert row.on_hold_from.isoformat() == "2026-04-01T09:30:00+09:00"


# --- Out and in ------------------------------------------------------------------------------------------------------


def csv_file() -> bytes:
    return b"".join(lines(Recipient.objects.with_country()))


@pytest.mark.django_db
def test_file_that_was_taken_out_changes_nothing_when_it_comes_in():
    Recipient.objects.filter(code="minato-inn").update(
        title="=1+1", contact="@minato", on_hold_from="2026-04-01T00:00:05Z", on_hold_reason="−調査\n中"
    )
    plan = plan_of(csv_file())
    assert (plan.problems, len(plan.new), len(plan.changed)) == ([], 0, 0)
    assert plan.unchanged_count == Recipient.objects.count()


@pytest.mark.django_db
def test_no_cell_begins_a_formula():
    Recipient.objects.filter(code="minato-inn").update(title='=HYPERLINK("https://evil.example")', contact="@x")
    text = csv_file().decode("utf-8-sig")
    assert "'=HYPERLINK" in text and ",'@x," in text
    assert text.splitlines()[0] == ",".join(columns())
    assert csv_file().startswith(b"\xef\xbb\xbf")
