"""manage.py import_disclosures: files of disclosures go through the same check and action as the API."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from disclosures.models import CitedEvidence, Conflict, Correction, Disclosure, EvidenceKind, RejectedReport, Reporter
from disclosures.receiving.api import CORRECTION_EXAMPLE, EXAMPLE
from disclosures.receiving.file_reading import COLUMNS, LONGEST_LINE_BYTES
from disclosures.reporters.actions import create_reporter

pytestmark = pytest.mark.django_db

EXAMPLES = Path(__file__).resolve().parents[3] / "docs" / "examples"
HEADER = ",".join(COLUMNS)
ROW = (
    "b-1,https://jalan.example/,2026-01-20T09:30:00+09:00,demo-hanako,indeed-japan,jalan,online-booking,name phone,"
    "person_act,,act,R-000123,"
)
# The examples of the API name nobody's services; these are there.
OF_THE_SITE = {"service": "jalan", "scenario": "online-booking"}


@pytest.fixture(autouse=True)
def reporter():
    services = ["jalan", "hotpepper-gourmet", "hotpepper-beauty", "rikunabi-next", "carsensor"]
    return create_reporter(code="travel", title="Travel", services=services)[0]


@pytest.fixture
def write(tmp_path):
    """Write a file and return its path."""

    def write_file(name: str, content: str | bytes) -> str:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return write_file


def event(id: str = "b-1", **data: object) -> str:
    body = {**EXAMPLE, "id": id, "time": "2026-01-20T09:30:00+09:00", "subject": "demo-hanako"}
    return json.dumps({**body, "data": {**EXAMPLE["data"], **OF_THE_SITE, "recipient": "indeed-japan", **data}}) + "\n"


def run(*args: str) -> str:
    """What the command says, also when it ends with an error."""
    out = io.StringIO()
    try:
        call_command("import_disclosures", *args, stdout=out)
    except CommandError as error:
        return f"{out.getvalue()}CommandError: {error}"
    return out.getvalue()


def counts(said: str) -> dict[str, int]:
    return {line.split()[0]: int(line.split()[1]) for line in said.splitlines()[:5]}


def numbers(created=0, duplicate=0, conflict=0, invalid=0, flagged=0) -> dict[str, int]:
    return {"created": created, "duplicate": duplicate, "conflict": conflict, "invalid": invalid, "flagged": flagged}


@pytest.mark.parametrize("name", ["disclosures.jsonl", "disclosures.csv"])
def test_import_of_the_examples_creates_all_but_the_repeated_one(name):
    call_command("load_content", EXAMPLES.parents[1] / "disclosures" / "demo", stdout=io.StringIO())
    assert counts(run(str(EXAMPLES / name))) == numbers(created=5, duplicate=1)


@pytest.mark.parametrize("ending", ["jsonl", "ndjson", "json"])
def test_import_of_json_lines_creates(write, ending):
    run(write(f"a.{ending}", event()))
    assert Disclosure.objects.get().event_id == "b-1"


@pytest.mark.parametrize("items", ["name phone", "name;phone", "name; phone", " phone  name "])
def test_import_of_csv_reads_items(write, items):
    run(write("a.csv", f"{HEADER}\n{ROW.replace('name phone', items)}\n"))
    assert Disclosure.objects.get().item_set.codes == ["name", "phone"]


def test_csv_of_before_there_was_evidence_is_read(write):
    header, row = HEADER.partition(",evidence")[0], ROW.partition(",act,")[0]
    assert counts(run(write("a.csv", f"{header}\n{row}\n"))) == numbers(created=1)
    assert Disclosure.objects.get().evidence is None
    assert "The line has 13 columns, not 10." in run(write("a.csv", f"{header}\n{ROW}\n"))


def test_csv_carries_the_evidence(write):
    run(write("a.csv", f"{HEADER}\n{ROW}1\n"))
    assert Disclosure.objects.get().evidence == CitedEvidence(EvidenceKind.ACT, "R-000123", 1)


@pytest.mark.parametrize(
    "content", [f"\ufeff{HEADER}\r\n{ROW}\r\n", f"{HEADER}\n\n{ROW}", f"\n{HEADER}\n  \n{ROW}\n\n"]
)
def test_import_of_csv_bears_marks_line_ends_and_blank_lines(write, content):
    assert counts(run(write("a.csv", content))) == numbers(created=1)


def test_import_of_csv_and_of_json_lines_is_the_same_event(write):
    run(write("a.csv", f"{HEADER}\n{ROW.replace('https://jalan.example/', EXAMPLE['source'])}\n"))
    assert counts(run(write("a.jsonl", event()))) == numbers(duplicate=1)


def test_import_again_creates_nothing(write):
    path = write("a.jsonl", event("b-1") + event("b-2"))
    run(path)
    assert counts(run(path)) == numbers(duplicate=2)


def test_import_takes_the_format_from_the_option(write):
    assert counts(run(write("a.txt", event()), "--format", "jsonl")) == numbers(created=1)


def test_import_counts_flagged(write):
    assert counts(run(write("a.jsonl", event(ground="contract")))) == numbers(created=1, flagged=1)


def test_import_of_other_content_under_a_known_id_is_a_conflict(write):
    said = run(write("a.jsonl", event() + event(items=["name"])))
    assert counts(said) == numbers(created=1, conflict=1)
    assert "line 2: conflict: id: Another event" in said
    assert Conflict.objects.count() == 1


def test_import_names_line_field_and_reason_and_records_the_rest(write):
    said = run(write("a.jsonl", event("b-1", items=["nothing"]) + "\n" + event("b-2") + "{oops\n"))
    assert counts(said) == numbers(created=1, invalid=2)
    assert "line 1: invalid: data.items[0]: There is no data item “nothing”." in said
    assert "line 4: invalid: Not readable as JSON: Expecting property name" in said


def test_import_says_where_json_is_broken_in_plain_words(write):
    assert "line 1: invalid: Not readable as JSON: Invalid control character at column 2." in run(
        write("a.jsonl", '"\tb"\n')
    )


def test_import_with_an_invalid_line_ends_with_status_1(write):
    path = write("a.jsonl", "[]\n")
    with pytest.raises(CommandError, match="1 invalid") as raised:
        call_command("import_disclosures", path, stdout=io.StringIO())
    assert raised.value.returncode == 1


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f"{ROW},more", "The line has 14 columns, not 13."),
        ("b-1,x", "The line has 2 columns, not 13."),
        (f'"{ROW}', "Not readable as CSV: unexpected end of data"),
        (ROW.replace("name phone", " "), "data.items: List should have at least 1 item"),
        (ROW.replace(",,act", ",no-uuid,act"), "data.decision: "),
        (ROW.replace("R-000123", "090-1234-5678"), "data.evidence.reference: "),
        (ROW.replace("R-000123", ""), "data.evidence.reference: "),
        (f"{ROW}newest", "data.evidence.shown_publication: "),
        (ROW.replace("2026-01-20T09:30:00+09:00", "2026-01-20 09:30"), "time: Input should have timezone"),
        (ROW.replace("2026-01-20T09:30:00+09:00", "9999-12-31T23:59:59-12:00"), "time: lies outside"),
    ],
)
def test_import_of_a_wrong_csv_line_is_invalid(write, row, reason):
    said = run(write("a.csv", f"{HEADER}\n{row}\n"))
    assert counts(said) == numbers(invalid=1)
    assert f"line 2: invalid: {reason}" in said


def test_import_of_a_line_without_end_is_invalid(write):
    said = run(write("a.jsonl", "x" * (3 * LONGEST_LINE_BYTES) + "\n" + event()))
    assert counts(said) == numbers(created=1, invalid=1)


def test_import_of_many_wrong_lines_shows_the_first_50(write):
    said = run(write("a.jsonl", "[]\n" * 53))
    assert said.count("\nline ") == 50
    assert "and 3 more" in said


def test_import_of_several_batches_counts_every_line(write):
    said = run(write("a.jsonl", "".join(event(f"b-{number}") for number in range(1101))))
    assert counts(said) == numbers(created=1101)


def test_import_in_the_name_of_the_one_named(write):
    create_reporter(code="other", title="Other", services=["jalan"])
    run(write("a.jsonl", event()), "--reporter", "other")
    assert Disclosure.objects.get().reporter.code == "other"


def test_import_with_two_possible_reporters_is_invalid(write):
    create_reporter(code="other", title="Other", services=["jalan"])
    said = run(write("a.jsonl", event()))
    assert "data.service: Several reporters may speak for “jalan” (other, travel). Name one with --reporter." in said


def test_import_ignores_a_stopped_reporter(write):
    Reporter.objects.update(stopped_at=timezone.now())
    said = run(write("a.jsonl", event()))
    assert "data.service: No active reporter may speak for “jalan”. Name one with --reporter." in said


def test_import_in_the_name_of_a_stopped_reporter_is_refused(write):
    Reporter.objects.update(stopped_at=timezone.now())
    assert run(write("a.jsonl", event()), "--reporter", "travel").endswith("There is no active reporter “travel”.")


def test_import_in_the_name_of_a_paused_reporter_waits(write):
    Reporter.objects.update(paused_at=timezone.now())
    assert "A reporter of the file is paused. Import it again later." in run(write("a.jsonl", event()))
    assert not Disclosure.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.csv", "", "The file is empty."),
        ("a.jsonl", "\n \n", "The file is empty."),
        ("a.csv", "id,source\n", f"The first line must be: {HEADER}"),
        ("a.csv", ROW, f"The first line must be: {HEADER}"),
        ("a.csv", '"', f"The first line must be: {HEADER}"),
        ("a.csv", f"{HEADER}\n{ROW}\n".encode("utf-16"), "Line 1 is not UTF-8. Save the file as UTF-8."),
        ("a.jsonl", "山".encode("shift-jis"), "Line 1 is not UTF-8. Save the file as UTF-8."),
        ("a.txt", "x", "say what it is with --format jsonl or --format csv."),
    ],
)
def test_import_of_an_unreadable_file_is_one_clear_error(write, name, content, reason):
    path = write(name, content)
    assert run(path) == f"CommandError: {path}: {reason}"


def test_import_that_breaks_off_says_what_was_recorded(write):
    content = "".join(event(f"b-{number}") for number in range(501)).encode() + b"\xff\n"
    said = run(write("a.jsonl", content))
    assert said.endswith("Line 502 is not UTF-8. Save the file as UTF-8. "
                         "500 disclosures were recorded before; importing the file again is harmless.")  # fmt: skip


def test_import_of_a_folder_is_one_clear_error(tmp_path):
    assert run(str(tmp_path), "--format", "csv") == f"CommandError: {tmp_path}: Is a directory"


def test_import_of_a_missing_file_is_one_clear_error(tmp_path):
    assert run(str(tmp_path / "a.csv")).endswith("a.csv: No such file or directory")


# --- Corrections ------------------------------------------------------------------------------------------------------


def correction(disclosure: Disclosure, **data: object) -> str:
    right = {**CORRECTION_EXAMPLE["data"]["corrected"], **OF_THE_SITE, "recipient": "loyalty-marketing"}
    told = {"disclosure": str(disclosure.id), "reason": "取り違えました。", "corrected": right, **data}
    return (
        json.dumps({**CORRECTION_EXAMPLE, "subject": "demo-hanako", "time": "2026-01-21T09:30:00+09:00", "data": told})
        + "\n"
    )


def test_correction_in_a_file_is_recorded_once(write):
    run(write("first.jsonl", event()))
    path = write("second.jsonl", correction(Disclosure.objects.get()))
    assert [counts(run(path))["created"], counts(run(path))["duplicate"]] == [1, 1]
    assert Correction.objects.get().recipient.code == "loyalty-marketing"


def test_correction_without_facts_needs_its_reporter(write):
    run(write("first.jsonl", event()))
    path = write("second.jsonl", correction(Disclosure.objects.get(), corrected=None))
    assert "--reporter" in run(path)
    assert counts(run(path, "--reporter", "travel"))["created"] == 1


def test_line_with_an_unknown_code_is_kept_for_the_officer(write):
    run(write("first.jsonl", event(recipient="nobody")))
    assert RejectedReport.objects.get().event["recipient"] == "nobody"
