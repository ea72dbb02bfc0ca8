"""Files for translators as CSV, for spreadsheets: written, and read as spreadsheets give them back."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from disclosures.translating.returned import MOST_UNITS, Problem, Returned, ReturnedUnit, UnreadableFile
from disclosures.translating.units import Unit
from privacycenter.text.csv_cells import MARKER, kept, read_back
from privacycenter.text.csv_cells import written as written_lines

CONTENT_TYPE = "text/csv; charset=utf-8"
ID, WHERE, STATE, SOURCE, TARGET, HINTS = "id", "where", "state", "source", "target", "hints"
SOURCE_HASH, TARGET_HASH = "source_sha256", "target_sha256"
# What spreadsheets put between cells, by country.
DELIMITERS = ",;\t"


def written(found: Iterable[tuple[Unit, str, Sequence[str]]], language: str) -> bytes:
    """Return the file. Of each unit: where it stands in words, and hints for the translator."""
    head = [ID, WHERE, STATE, f"{SOURCE}:{settings.LANGUAGE_CODE}", f"{TARGET}:{language}", HINTS, SOURCE_HASH]
    lines = (
        [unit.id, kept(where), unit.state.value, kept(unit.source), kept(unit.target), kept(" ".join(hints)),
         unit.text.source_sha256, unit.target_sha256]
        for unit, where, hints in found
    )  # fmt: skip
    return MARKER + written_lines([[*head, TARGET_HASH], *lines])


def read(content: bytes) -> Returned:
    """Read a file. Raises UnreadableFile; what is wrong with single lines is in the answer."""
    text = decoded(content)
    head_line = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=head_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        head = [name.strip().lower() for name in next(reader, [])]
        target = next((name for name in head if name.startswith(f"{TARGET}:")), "")
        if ID not in head or not target:
            told = _("The first line does not name the columns. It must have “%(id)s” and “%(target)s”.")
            raise UnreadableFile(told % {"id": ID, "target": f"{TARGET}:…"})
        found = Returned(language=target.removeprefix(f"{TARGET}:"))
        for cells in reader:
            take_line(found, dict(zip(head, cells, strict=False)), target, reader.line_num, len(cells) < len(head))
    except csv.Error as error:
        told = _("Line %(line)s cannot be read as CSV: a quotation mark is not closed, or a cell is far too long.")
        raise UnreadableFile(told % {"line": reader.line_num}) from error
    return found


def take_line(found: Returned, line: dict[str, str], target: str, number: int, is_short: bool) -> None:
    if not any(cell.strip() for cell in line.values()):
        return
    if len(found.units) >= MOST_UNITS:
        raise UnreadableFile(_("The file has too many texts. Split it."))
    where = _("line %(number)s") % {"number": number}
    name = line.get(ID, "").strip()
    if is_short and target not in line:
        found.problems.append(Problem(where, name, _("The line has too few columns.")))
        return
    source = next((cell for column, cell in line.items() if column.startswith(f"{SOURCE}:")), "")
    found.units.append(
        ReturnedUnit(
            name,
            where,
            read_back(source),
            read_back(line[target]),
            line.get(SOURCE_HASH, "").strip(),
            line.get(TARGET_HASH, "").strip(),
        )
    )


def decoded(content: bytes) -> str:
    """Return the text in UTF-8, or in the UTF-16 of a spreadsheet's “Unicode text”."""
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        told = _("The file is not in UTF-8. Save it as “CSV UTF-8”.")
        raise UnreadableFile(told) from error
