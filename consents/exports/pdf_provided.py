"""The sections of the PDF about disclosures and their corrections."""

from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from consents.exports import words
from consents.exports.pdf_blocks import Section, section, table
from consents.exports.record import Record, disclosure_part
from consents.exports.record.keyset import Entry
from privacycenter.text.words import words_in


def disclosures_section(record: Record, entries: list[Entry]) -> Section:
    columns = [_("Date and time"), _("Recipient"), _("Service and scene"), _("Data items"), _("Ground, warning")]
    months = [
        table(columns, [1.9, 2.6, 2.8, 2.9, 2.6], [disclosure_cells(record, entry) for entry in chunk], heading)
        for heading, chunk in groupby(entries, key=month_words)
    ]
    intro = _("Oldest first, in the order in which they occurred.") if entries else _("No disclosure.")
    return section(_("Every disclosure"), intro=intro, tables=months)


def month_words(entry: Entry) -> str:
    return date_format(timezone.localtime(entry["occurred_at"]), "YEAR_MONTH_FORMAT")


def disclosure_cells(record: Record, entry: Entry) -> list[str]:
    when = timezone.localtime(entry["occurred_at"])
    warning = words.flag_words(entry["flags"])
    return [
        when.strftime("%Y-%m-%d %H:%M"),
        record.names.recipient(entry["recipient"]).text,
        f"{record.names.service(entry['service']).text}\n{record.names.scenario(entry['scenario']).text}",
        words.items_words(record, entry["items"]),
        words.ground_words(entry["ground"]) + (f"\n⚠ {warning}" if warning else ""),
    ]


def corrections(record: Record) -> list[Section]:
    """Return the section about corrected disclosures; empty if there is none."""
    cards = [correction_card(record, entry) for entry in disclosure_part.correction_entries(record)]
    return [section(_("Corrections of disclosures"), cards=cards)] if cards else []


def correction_card(record: Record, entry: Entry) -> dict[str, Any]:
    facts = [
        [_("What it says"), words.correction_words(entry)],
        [_("Why"), words_in(entry["reason"]).text],
        [_("Number of the disclosure"), entry["disclosure"]],
    ]
    if not entry["is_retraction"]:
        facts += [
            [_("Date and time"), words.moment_words(entry["occurred_at"])],
            [_("Recipient"), record.names.recipient(entry["recipient"]).text],
            [_("Service"), record.names.service(entry["service"]).text],
            [_("Scene"), record.names.scenario(entry["scenario"]).text],
            [_("Data items"), words.items_words(record, entry["items"])],
            [_("Ground"), words.ground_words(entry["ground"])],
        ]
    return {"heading": words.day_words(entry["recorded_at"]), "facts": facts, "text": ""}
