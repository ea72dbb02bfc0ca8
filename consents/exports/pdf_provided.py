"""The sections of the PDF about disclosures and their corrections."""

from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from consents.exports import words
from consents.exports.pdf_blocks import Section, card, section, table
from consents.exports.pdf_numbers import Numbers
from consents.exports.record import Record
from consents.exports.record.keyset import Entry
from consents.exports.record.provided_to import provided_to
from disclosures.models.ledger.events import UNEVIDENCED, WARNING
from privacycenter.text.words import words_in

# Of the columns of disclosures, as fractions of the whole.
WIDTHS = [0.6, 1.4, 2.2, 2.5, 2.4, 3.9]


def disclosures_section(record: Record, entries: list[Entry], numbers: Numbers) -> Section:
    columns = [
        _("No."),
        _("Date and time"),
        _("Recipient"),
        _("Service and situation"),
        _("Data items"),
        _("Ground, warning"),
    ]
    months = [
        table(columns, WIDTHS, [disclosure_cells(record, entry, numbers) for entry in chunk], heading)
        for heading, chunk in groupby(entries, key=month_words)
    ]
    intro = _("Oldest first, in the order in which they occurred.") if entries else _("No disclosure.")
    return section(_("Every disclosure"), intro=intro, tables=months)


def month_words(entry: Entry) -> str:
    return date_format(timezone.localtime(entry["occurred_at"]), "YEAR_MONTH_FORMAT")


def disclosure_cells(record: Record, entry: Entry, numbers: Numbers) -> list[str]:
    when = timezone.localtime(entry["occurred_at"])
    ground, cited = words.ground_words(entry["ground"]), words.evidence_line(entry["evidence"])
    route = _("Legal route: %(route)s") % {"route": words.route_words(entry)}
    abroad = _("Abroad: %(basis)s") % {"basis": basis} if (basis := words.basis_words(entry)) else ""
    uncited, warning = (words.flag_words(entry["flags"], among) for among in (UNEVIDENCED, WARNING))
    return [
        number_format(numbers.count(entry["id"])),
        when.strftime("%Y-%m-%d\n%H:%M"),
        record.names.recipient(entry["recipient"]).text,
        f"{record.names.service(entry['service']).text}\n{record.names.scenario(entry['scenario']).text}",
        words.items_words(record, entry["items"]),
        "\n".join(filter(None, (ground, route, abroad, cited, uncited, warning and f"⚠ {warning}"))),
    ]


def recipients_then(record: Record) -> Section:
    """Return the section on who the recipients were when data went to them, one row for each different account."""
    rows: dict[tuple[str, ...], list[int]] = {}
    for known in provided_to(record).values():
        cells = (
            words_in(known["name"]).text,
            words.stated(known["address"]),
            words.stated(known["representative"]),
            record.names.title("countries", known["country"]).text if known["country"] else words.stated(None),
        )
        rows.setdefault(cells, []).append(known["publication"])
    columns = [_("Recipient"), _("Address"), _("Representative"), _("Country"), _("As published in")]
    lines = [[*cells, ", ".join(map(str, numbers))] for cells, numbers in rows.items()]
    intro = (
        _("As it was published when each disclosure was recorded.") if lines else _("This record names no recipient.")
    )
    tables = [table(columns, [3, 3, 3, 1.6, 1.6], lines)] if lines else []
    return section(_("Who the recipients were"), intro=intro, tables=tables)


def corrections(record: Record, entries: list[Entry], numbers: Numbers) -> list[Section]:
    """Return the section about corrected disclosures; empty if there is none."""
    cards = [correction_card(record, entry, numbers) for entry in entries]
    return [section(_("Corrections of disclosures"), cards=cards)] if cards else []


def correction_card(record: Record, entry: Entry, numbers: Numbers) -> dict[str, Any]:
    facts = [
        [_("What it says"), words.correction_words(entry)],
        [_("Why"), words_in(entry["reason"]).text],
        [_("Number of the disclosure"), numbers.disclosure(entry["disclosure"])],
    ]
    if not entry["is_retraction"]:
        facts += [
            [_("Date and time"), words.moment_words(entry["occurred_at"])],
            [_("Recipient"), record.names.recipient(entry["recipient"]).text],
            [_("Service"), record.names.service(entry["service"]).text],
            [_("Situation"), record.names.scenario(entry["scenario"]).text],
            [_("Data items"), words.items_words(record, entry["items"])],
            [_("Ground"), words.ground_words(entry["ground"])],
            [_("Legal route"), words.route_words(entry)],
            *([[_("Basis for provision abroad"), basis]] if (basis := words.basis_words(entry)) else []),
        ]
    if entry["evidence"]:
        facts.append([_("Evidence"), words.evidence_line(entry["evidence"])])
    return card(words.day_words(entry["recorded_at"]), facts)
