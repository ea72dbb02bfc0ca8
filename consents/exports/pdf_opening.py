"""The opening of the PDF: whose record it is, who received what in short, how complete it is, what it leaves out."""

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consents.exports import words
from consents.exports.pdf_blocks import Section, section, table
from consents.exports.record import Record, summary
from consents.exports.record.summary import Extent
from disclosures.record.accesses import WITHHELD
from privacycenter.text.words import words_in


def facts(record: Record, extent: Extent, volumes: int) -> list[list[str]]:
    operator = record.names.document.get("site", {}).get("site", {}).get("operator", {})
    return [
        [_("Person"), str(record.person)],
        [_("Operator"), words_in(operator).text],
        [_("Created at"), f"{words.moment_words(record.made_at)} ({settings.TIME_ZONE})"],
        [_("Period"), words.period_words(extent)],
        [_("Disclosures"), counted(extent)],
        *([label, value] for label, value in narrowed(record)),
        *([[_("Volumes"), _("The last one holds everything but disclosures.")]] if volumes > 1 else []),
    ]


def narrowed(record: Record) -> list[tuple[str, str]]:
    if record.is_whole:
        return [(_("What it covers"), _("The whole record"))]
    only = "; ".join(f"{label}: {value}" for label, value in words.narrowed_words(record))
    return [(_("What it covers"), _("A part only. %(only)s") % {"only": only})]


def counted(extent: Extent) -> str:
    text = ngettext("%(count)s disclosure", "%(count)s disclosures", extent.disclosure_count)
    flagged = _("%(count)s with a warning") % {"count": number_format(extent.flagged_count)}
    return f"{text % {'count': number_format(extent.disclosure_count)}} ({flagged})"


def opening(record: Record, extent: Extent) -> list[Section]:
    coverage = [
        [record.names.service(entry["service"]).text, words.coverage_words(entry)]
        for entry in summary.coverage_entries(record)
    ]
    received = [
        [
            record.names.recipient(one.code).text,
            words.country_words(record, one.code),
            number_format(one.count),
            words.day_words(one.first_at),
            words.day_words(one.last_at),
            "\n".join([words.items_words(record, one.items), *words.reported_words(record, one)]),
        ]
        for one in summary.recipients(record)
    ]
    headings = [_("Recipient"), _("Country"), _("Times"), _("First"), _("Last"), _("Data items")]
    return [
        section(
            _("In short: who received what"),
            intro="" if received else _("This record names no recipient."),
            tables=[table(headings, [2.9, 1.4, 0.7, 2.1, 2.1, 3.8], received)] if received else [],
        ),
        section(
            _("How complete this record is"),
            intro=_(
                "The record holds what services have reported. An empty place does not prove that nothing happened."
            ),
            tables=[table([_("Service"), _("Reports")], [1, 2], coverage)] if coverage else [],
        ),
        section(
            _("What is not in it, and why"),
            intro=str(WITHHELD),
            points=tuple(str(text) for text in words.LEFT_OUT.values()),
        ),
    ]
