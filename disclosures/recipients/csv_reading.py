"""Reading a file of recipients: its letters, its columns, its lines. Pure: nothing is looked up."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from disclosures.recipients.csv_columns import columns, undefused

MOST_LINES = 10_000
# What is shown of all that is wrong; the count says how much there is.
MOST_PROBLEMS = 200
ENCODINGS = ("utf-8-sig", "cp932")
SEPARATORS = ",;\t"
MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
BLANKS = re.compile(r"\r\n?")


@dataclass(frozen=True)
class FileProblem:
    """What is wrong in one place. ``line``: as a text editor counts, 0 for the file as a whole; ``column``: may be
    empty; ``code``: of the recipient, if the line says it."""

    line: int
    reason: str
    column: str = ""
    code: str = ""

    def __str__(self) -> str:
        return ": ".join(filter(None, (f"{self.line}" if self.line else "", self.column, self.reason)))


@dataclass(frozen=True)
class RecipientLine:
    """One line that is not blank. ``number``: where it begins in the file; ``cells``: column → text."""

    number: int
    cells: dict[str, str]

    @property
    def code(self) -> str:
        return self.cells["code"]


@dataclass(frozen=True)
class ReadFile:
    """What a file says, or what is wrong with it: then it has no lines that may be used."""

    lines: list[RecipientLine]
    problems: list[FileProblem]


def read_file(content: bytes) -> ReadFile:
    """Read the lines of a file and everything that is wrong with its form."""
    text = decoded(content)
    if text is None:
        told = _("The letters of this file cannot be read. Save it as CSV in UTF-8, or in Shift_JIS.")
        return ReadFile([], [FileProblem(0, told)])
    if not text.strip():
        return ReadFile([], [FileProblem(0, _("The file is empty. Choose another one."))])
    records = iter(records_of(text))
    try:
        _number, header = next(records)
        named = [name.strip().casefold() for name in header]
        if problems := problems_of_header(named):
            return ReadFile([], problems)
        return read_lines(named, records)
    except csv.Error:
        told = _("The file is not readable as CSV: a quotation mark is not closed, or a cell is far too long.")
        return ReadFile([], [FileProblem(0, told)])


def decoded(content: bytes) -> str | None:
    """Return the text of a file in UTF-8, Shift_JIS as Windows has it, or UTF-16 with its mark. None if it is none."""
    for encoding in [MARKS[content[:2]]] if content[:2] in MARKS else ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


def records_of(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record that is not blank with the line where it begins."""
    first = text.lstrip("\r\n").partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    # Strict: an unclosed quotation mark would swallow the rest of the file.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1
    for record in reader:
        if any(cell.strip() for cell in record):
            yield begins, record
        begins = reader.line_num + 1


def problems_of_header(named: Sequence[str]) -> list[FileProblem]:
    every = columns()
    found = [
        FileProblem(
            1,
            _("There is no such column. Is it misspelt? The columns are: %(names)s.") % {"names": ", ".join(every)},
            name,
        )
        for name in named
        if name and name not in every
    ]
    found += [
        FileProblem(1, _("This column is there twice."), name)
        for name in dict.fromkeys(named)
        if name and named.count(name) > 1
    ]
    if "code" not in named:
        told = _("The first line names the columns; “code” has to be one of them.")
        found.append(FileProblem(1, told, "code"))
    return found


def read_lines(named: Sequence[str], records: Iterator[tuple[int, list[str]]]) -> ReadFile:
    lines: list[RecipientLine] = []
    problems: list[FileProblem] = []
    seen: dict[str, int] = {}
    for number, record in records:
        if len(lines) == MOST_LINES:
            told = _("A file has at most %(most)s recipients. Split it.") % {"most": f"{MOST_LINES:,}"}
            return ReadFile([], [FileProblem(number, told)])
        cells = {name: clean(cell) for name, cell in zip(named, record, strict=False) if name}
        line = RecipientLine(number, {"code": "", **cells})
        problems += problems_of_line(line, len(record), len(named), seen)
        seen.setdefault(line.code, number)
        lines.append(line)
    return ReadFile(lines, problems)


def clean(cell: str) -> str:
    return undefused(BLANKS.sub("\n", cell).strip())


def problems_of_line(line: RecipientLine, has: int, named: int, seen: dict[str, int]) -> Iterator[FileProblem]:
    if has > named:
        told = _("The line has %(has)s cells, but there are %(named)s columns.") % {"has": has, "named": named}
        yield FileProblem(line.number, told, code=line.code)
    if not line.code:
        yield FileProblem(line.number, _("The code is missing."), "code")
    elif line.code in seen:
        told = _("“%(code)s” is in line %(line)s already.") % {"code": line.code, "line": seen[line.code]}
        yield FileProblem(line.number, told, "code", line.code)
