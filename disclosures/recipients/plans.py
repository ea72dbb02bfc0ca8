"""What a file of recipients would change in the working copy. Writes nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

from django.conf import settings
from django.core.exceptions import ValidationError as ModelError
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import Field, ValidationError

from disclosures.content.changed_entries import Change, changes_between
from disclosures.content.entries import field_name
from disclosures.content.publications import Document
from disclosures.content.working_copy import country_entry, entry_of
from disclosures.models import Country, Recipient
from disclosures.packs.reasons import reason_of
from disclosures.packs.schema import RecipientEntry
from disclosures.recipients.csv_columns import ORDER, PLAIN, TRANSLATED, values_of
from disclosures.recipients.csv_reading import FileProblem, RecipientLine, read_file
from privacycenter.canonical import sha256_of

# Of the column's kind on both engines.
LARGEST_POSITION = 2**31 - 1
NAME = f"title_{settings.LANGUAGE_CODE}"


class LineEntry(RecipientEntry):
    """What one line says, together with what the row said before. ``position``: 0 for a new one comes last."""

    position: Annotated[int, Field(ge=0, le=LARGEST_POSITION)] = 0
    retired: bool = False


@dataclass
class Plan:
    """What a file would do. ``before`` and ``after``: code → entry of the recipients it names; ``seen``: a hash of
    what they were. With ``problems`` it does nothing at all."""

    line_count: int
    problems: list[FileProblem]
    new: list[Recipient] = field(default_factory=list)
    changed: list[Recipient] = field(default_factory=list)
    before: Document = field(default_factory=dict)
    after: Document = field(default_factory=dict)
    countries: Document = field(default_factory=dict)

    @property
    def seen(self) -> str:
        return sha256_of(self.before)

    @property
    def unchanged_count(self) -> int:
        return self.line_count - len(self.new) - len(self.changed)

    @property
    def documents(self) -> tuple[Document, Document]:
        """The two states, with the names of what they refer to."""
        return (
            {"recipients": self.before, "countries": self.countries},
            {"recipients": self.after, "countries": self.countries},
        )

    @property
    def changes(self) -> list[Change]:
        """What differs, in the order of the list of recipients, new ones last."""
        found = changes_between({"recipients": self.before}, {"recipients": self.after})
        return sorted(found, key=lambda one: (one.verb == "added", self.after[one.code]["position"], one.code))


def plan_of(content: bytes) -> Plan:
    """Return what this file would do to the working copy as it is now. Two SQL statements."""
    read = read_file(content)
    if not read.lines:
        return Plan(0, read.problems or [FileProblem(0, _("The file names no recipient."))])
    codes = [line.code for line in read.lines]
    rows = {row.code: row for row in Recipient.objects.with_country().filter(code__in=codes)}
    countries = {row.code: row for row in Country.objects.all()}
    plan = Plan(
        len(read.lines), list(read.problems), countries={code: country_entry(row) for code, row in countries.items()}
    )
    for line in read.lines:
        plan_line(plan, line, rows.get(line.code), countries)
    plan.problems.sort(key=lambda problem: problem.line)
    return plan


def plan_line(plan: Plan, line: RecipientLine, row: Recipient | None, countries: Mapping[str, Country]) -> None:
    if row is not None:
        plan.before[line.code] = entry_of(row)
    try:
        entry = LineEntry.model_validate(merged(row, values_of(line.cells)))
    except ValidationError as error:
        plan.problems += [problem_of(line, dict(one)) for one in error.errors()]
        return
    if not entry.title:
        plan.problems.append(FileProblem(line.number, _("The name is missing. Enter one."), NAME, line.code))
    country = countries.get(entry.country)
    if country is None:
        told = _("There is no %(kind)s “%(code)s”.") % {"kind": Country._meta.verbose_name, "code": entry.country}
        plan.problems.append(FileProblem(line.number, told, "country", line.code))
        return
    made = row or Recipient(code=entry.code)
    apply(entry, made, country)
    plan.problems += problems_of_row(line, made)
    plan.after[line.code] = entry_of(made)
    if row is None:
        plan.new.append(made)
    elif plan.after[line.code] != plan.before[line.code]:
        plan.changed.append(row)


def merged(row: Recipient | None, said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the row says, with what the file says in its place. A cell that is empty says: nothing."""
    values = as_it_is(row) if row else {}
    for name, value in said.items():
        if name in TRANSLATED:
            texts = {**values.get(name, {}), **value}
            values[name] = {language: text for language, text in texts.items() if text}
        elif name == "position":
            values[name] = value or values.get(name, 0)
        else:
            values[name] = value
    return values


def as_it_is(row: Recipient) -> dict[str, Any]:
    plain: dict[str, Any] = {name: getattr(row, name) for name in PLAIN if name != "country"}
    return {
        "code": row.code,
        "country": row.country.code,
        "is_example": row.is_example,
        "position": row.position,
        "retired": row.retired_at is not None,
        **plain,
        **{name: row.texts(name) for name in TRANSLATED},
    }


def problem_of(line: RecipientLine, error: Mapping[str, Any]) -> FileProblem:
    reason, column = reason_of(error), column_of(error["loc"])
    name, _colon, rest = reason.partition(": ")
    if not column and name in ORDER:
        # Of a text that cannot be stored the schema says the field with the reason.
        reason, column = rest, name
    return FileProblem(line.number, reason, column, line.code)


def column_of(place: Sequence[Any]) -> str:
    """Return the column of what the schema names: ``("title", "en")`` is ``title_en``."""
    if not place:
        return ""
    name, *more = map(str, place)
    return f"{name}_{more[0]}" if name in TRANSLATED and more else name


def apply(entry: LineEntry, row: Recipient, country: Country) -> None:
    row.country, row.is_example = country, entry.is_example
    for name in PLAIN:
        if name != "country":
            setattr(row, name, as_the_row_has_it(getattr(entry, name)))
    translations = dict(row.i18n or {})
    for name in TRANSLATED:
        said: dict[str, str] = getattr(entry, name)
        setattr(row, name, said.get(settings.LANGUAGE_CODE, ""))
        for language in site_languages_but_first():
            translations.pop(field_name(name, language), None)
            if language in said:
                translations[field_name(name, language)] = said[language]
    row.i18n = translations
    row.position = entry.position
    if entry.retired != (row.retired_at is not None):
        row.retired_at = timezone.now() if entry.retired else None


def site_languages_but_first() -> list[str]:
    return [language for language, _name in settings.LANGUAGES if language != settings.LANGUAGE_CODE]


def as_the_row_has_it(value: Any) -> Any:
    # To the second, as the desk's form has it.
    return value.replace(microsecond=0) if isinstance(value, datetime) else value


def problems_of_row(line: RecipientLine, row: Recipient) -> Iterator[FileProblem]:
    """Yield what the row itself says is wrong: a hold without a reason, for instance."""
    try:
        row.clean()
    except ModelError as error:
        for name, messages in error.message_dict.items():
            yield FileProblem(line.number, " ".join(messages), name, line.code)
