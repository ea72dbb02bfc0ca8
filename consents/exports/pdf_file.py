"""The record for people: a PDF to read, to keep and to hand to somebody who must check it.

A long record comes in volumes, so that making it never needs more memory than one of them: the first says what the
record is and holds everything else, disclosures go on in the next.
"""

from collections.abc import Callable, Iterator
from itertools import groupby, islice
from typing import Any

import typst
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from consents.exports import words
from consents.queries import record as parts_of
from consents.queries.record import Entry, Extent, Record
from privacycenter.pdf import render_pdf, typefaces
from privacycenter.words import words_in

TEMPLATE = "consents/record.typ"
# One volume of this length takes about a second and 150 MiB.
VOLUME_ROWS = 2_000
# For how many documents Typst keeps what it has laid out.
LAYOUTS_KEPT = 11
Section = dict[str, Any]


def volumes(record: Record, on_rows: Callable[[int], None] = lambda count: None) -> Iterator[bytes]:
    """Each volume as a PDF; at least one. ``on_rows`` is told how many disclosures are in them so far."""
    extent = parts_of.extent(record)
    count = max(1, -(-extent.disclosure_count // VOLUME_ROWS))
    entries = parts_of.disclosure_entries(record)
    for number in range(1, count + 1):
        rows = list(islice(entries, VOLUME_ROWS))
        shown = disclosures_section(record, rows)
        sections = [*opening(record, extent), shown, *corrections(record), *others(record)] if number == 1 else [shown]
        yield render_pdf(
            TEMPLATE, volume(record, extent, sections, number, count), created_at=record.made_at.replace(microsecond=0)
        )
        forget_layouts()
        on_rows(min(number * VOLUME_ROWS, extent.disclosure_count))


def forget_layouts() -> None:
    """Give back the memory of a volume before the next: Typst forgets a layout that the last ten documents did not use,
    and there is no other way to tell it."""
    for _document in range(LAYOUTS_KEPT):
        typst.compile(b"", font_paths=typefaces())


def volume(record: Record, extent: Extent, sections: list[Section], number: int, count: int) -> dict[str, Any]:
    title = _("Record of disclosures of personal data")
    part = _("Volume %(number)s of %(count)s") % {"number": number, "count": count} if count > 1 else ""
    return {
        "language": get_language() or settings.LANGUAGE_CODE,
        "title": " – ".join(filter(None, (title, part))),
        "footer": " · ".join(filter(None, (title, str(record.person), words.day_words(record.made_at), part))),
        "facts": facts(record, extent),
        "sections": sections,
    }


def facts(record: Record, extent: Extent) -> list[list[str]]:
    operator = record.names.document.get("site", {}).get("site", {}).get("operator", {})
    published = _("No. %(number)s, SHA-256 %(hash)s") % {
        "number": record.publication,
        "hash": record.publication_sha256,
    }
    return [
        [_("Person"), f"{record.person} ({record.person.subject})"],
        [_("Operator"), words_in(operator).text],
        [_("Made"), f"{words.moment_words(record.made_at)} ({settings.TIME_ZONE})"],
        [_("Period"), words.period_words(extent)],
        [_("Disclosures"), counted(extent)],
        *([label, value] for label, value in narrowed(record)),
        [_("Names as published in"), published],
    ]


def narrowed(record: Record) -> list[tuple[str, str]]:
    if record.is_whole:
        return [(_("Extent"), _("The whole record"))]
    only = "; ".join(f"{label}: {value}" for label, value in words.narrowed_words(record))
    return [(_("Extent"), _("A part only. %(only)s") % {"only": only})]


def counted(extent: Extent) -> str:
    text = ngettext("%(count)s disclosure", "%(count)s disclosures", extent.disclosure_count)
    flagged = _("%(count)s with a warning") % {"count": extent.flagged_count}
    return f"{text % {'count': extent.disclosure_count}} ({flagged})"


def table(columns: list[str], widths: list[float], rows: list[list[str]], heading: str = "") -> dict[str, Any]:
    """``widths``: of the columns, in parts of the whole."""
    return {"heading": heading, "columns": columns, "widths": widths, "rows": rows}


def section(
    heading: str, *, intro: str = "", points: tuple[str, ...] = (), tables: Any = (), cards: Any = ()
) -> Section:
    """``tables``: from ``table``; ``cards``: heading, pairs of facts, and a longer text."""
    return {"heading": heading, "intro": intro, "points": list(points), "tables": list(tables), "cards": list(cards)}


# --- What the record is ----------------------------------------------------------------------------------------------


def opening(record: Record, extent: Extent) -> list[Section]:
    coverage = [
        [record.names.service(entry["service"]).text, words.coverage_words(entry)]
        for entry in parts_of.coverage_entries(record)
    ]
    received = [
        [
            record.names.recipient(one.code).text,
            words.country_words(record, one.code),
            str(one.count),
            words.day_words(one.first_at),
            words.day_words(one.last_at),
            words.items_words(record, one.items),
        ]
        for one in parts_of.recipients(record)
    ]
    headings = [_("Recipient"), _("Country"), _("Times"), _("First"), _("Last"), _("Data items")]
    return [
        section(
            _("How complete this record is"),
            intro=_(
                "The record holds what services have reported. An empty place does not prove that nothing happened."
            ),
            tables=[table([_("Service"), _("Reports")], [1, 2], coverage)] if coverage else [],
        ),
        section(
            _("What is not in it, and why"),
            intro=str(words.WITHHELD),
            points=tuple(str(text) for text in words.LEFT_OUT.values()),
        ),
        section(
            _("Recipients, summed up"),
            intro="" if received else _("Nobody received anything."),
            tables=[table(headings, [3, 1.4, 1, 2, 2, 4], received)] if received else [],
        ),
    ]


# --- What was provided -----------------------------------------------------------------------------------------------


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
    """Which disclosures were corrected; nothing where none was."""
    cards = [correction_card(record, entry) for entry in parts_of.correction_entries(record)]
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


# --- What else belongs to it -----------------------------------------------------------------------------------------


def others(record: Record) -> list[Section]:
    """Requests, answers and the rest: in the whole record only."""
    if not record.is_whole:
        return []
    made = [
        section(_("Requests to you"), cards=[request_card(record, one) for one in parts_of.request_entries(record)]),
        section(_("Your answers"), cards=[decision_card(record, one) for one in parts_of.decision_entries(record)]),
        section(_("What followed your withdrawals"), tables=step_tables(record)),
        section(_("Your rules"), tables=rule_tables(record)),
        section(_("What you wrote to us"), cards=[inquiry_card(one) for one in parts_of.inquiry_entries(record)]),
        section(_("Who looked at this record"), tables=access_tables(record)),
        section(_("What we told you"), tables=notice_tables(record)),
        section(_("What you chose"), tables=choice_tables(record)),
    ]
    return [one if one["cards"] or one["tables"] else {**one, "intro": _("Nothing.")} for one in made]


def request_card(record: Record, entry: Entry) -> dict[str, Any]:
    items = "\n".join(
        f"{record.names.title('data_items', item['code']).text}: {words_in(item['purpose']).text}"
        for item in entry["items"]
    )
    return {
        "heading": f"{words.day_words(entry['requested_at'])} {record.names.recipient(entry['recipient']).text}",
        "facts": [
            [_("State"), words.state_words(entry["state"])],
            [_("Service"), record.names.service(entry["service"]).text],
            [_("Scene"), record.names.scenario(entry["scenario"]).text],
            [_("Items asked for, and why"), items],
            [_("Answer until"), words.moment_words(entry["expires_at"])],
            [_("Identifier"), entry["id"]],
        ],
        "text": "",
    }


def decision_card(record: Record, entry: Entry) -> dict[str, Any]:
    return {
        "heading": f"{words.day_words(entry['decided_at'])} {record.names.recipient(entry['recipient']).text}",
        "facts": [
            [_("State"), words.state_words(entry["state"])],
            [_("Decided"), words.moment_words(entry["decided_at"])],
            [_("Service"), record.names.service(entry["service"]).text],
            [_("Scene"), record.names.scenario(entry["scenario"]).text],
            [_("Allowed items"), words.items_words(record, entry["allowed"]) or "–"],
            [_("Items not allowed"), words.items_words(record, entry["refused"]) or "–"],
            [_("Valid until"), words.moment_words(entry["valid_until"])],
            [_("Identifier"), entry["id"]],
            [_("Request"), entry["request"]],
            *([[_("Withdraws"), entry["withdraws"]]] if entry["withdraws"] else []),
            *([[_("Undoes"), entry["undoes"]]] if entry["undoes"] else []),
            *([[_("Answered by your rule"), entry["rule"]]] if entry["rule"] else []),
            *([[_("Signed receipt"), receipt_words(entry)]] if entry["has_receipt"] else []),
            [_("SHA-256 of the text"), entry["text_sha256"]],
        ],
        "text": text_shown(entry["text"]),
    }


def receipt_words(entry: Entry) -> str:
    return _("On this site at %(path)s") % {"path": f"/my/decisions/{entry['id']}/receipt/"}


def text_shown(text: dict[str, Any]) -> str:
    """The words that the person saw when deciding; empty for a withdrawal, which shows none of its own."""
    scenario = text.get("scenario")
    if not scenario:
        return ""
    items = [f"{one['title']}: {one['purpose']} / {one['consequence']}" for one in text.get("items", [])]
    shown = [scenario.get("title", ""), words.plain_text(scenario.get("body", "")), *items]
    return "\n".join([_("The text that you saw:"), *filter(None, shown)])


def inquiry_card(entry: Entry) -> dict[str, Any]:
    answers = [f"{words.day_words(step['taken_at'])}: {step['message']}" for step in entry["steps"] if step["message"]]
    return {
        "heading": f"{words.day_words(entry['asked_at'])} {words.inquiry_words(entry['kind'])}",
        "facts": [
            [_("Reference number"), entry["reference"]],
            [_("State"), words.inquiry_status_words(entry["status"])],
        ],
        "text": "\n\n".join([entry["body"], *answers]),
    }


def step_tables(record: Record) -> list[dict[str, Any]]:
    rows = [
        [
            words.moment_words(entry["taken_at"]),
            words.step_words(entry),
            words_in(entry["reason"]).text,
            entry["withdrawal"],
        ]
        for entry in parts_of.withdrawal_step_entries(record)
    ]
    columns = [_("Date and time"), _("State"), _("Reason"), _("Withdrawal")]
    return [table(columns, [1.9, 2.2, 2.6, 3.6], rows)] if rows else []


def rule_tables(record: Record) -> list[dict[str, Any]]:
    rows = [
        [
            words.moment_words(entry["made_at"]),
            words.rule_words(record, entry),
            words.setting_words(entry["setting"]),
            str(entry["version"]),
            entry["id"],
        ]
        for entry in parts_of.rule_entries(record)
    ]
    columns = [_("Date and time"), _("Rule"), _("What it does"), _("Version"), _("Identifier")]
    return [table(columns, [1.9, 2.5, 1.4, 0.7, 3.6], rows)] if rows else []


def access_tables(record: Record) -> list[dict[str, Any]]:
    rows = [
        [
            words.moment_words(entry["accessed_at"]),
            words.role_words(entry["role"]),
            words.opened_words(entry["what"]),
            entry["reason"],
        ]
        for entry in parts_of.access_entries(record)
    ]
    return (
        [table([_("Date and time"), _("Role"), _("What was opened"), _("Reason")], [2, 1.6, 2, 4], rows)]
        if rows
        else []
    )


def notice_tables(record: Record) -> list[dict[str, Any]]:
    rows = [
        [
            words.moment_words(entry["noticed_at"]),
            words.notice_kind_words(entry["kind"]),
            record.names.recipient(entry["recipient"]).text if entry["recipient"] else "",
        ]
        for entry in parts_of.notice_entries(record)
    ]
    mails = [
        [
            words.moment_words(entry["sent_at"]),
            _("E-mail with %(count)s notices") % {"count": entry["notice_count"]},
            "",
        ]
        for entry in parts_of.mailing_entries(record)
    ]
    found = rows + mails
    return [table([_("Date and time"), _("What"), _("Recipient")], [2, 3, 3], found)] if found else []


def choice_tables(record: Record) -> list[dict[str, Any]]:
    """How the person wanted to be told, and whom they keep off the overview."""
    mails = [
        [words.moment_words(entry["chosen_at"]), _("Your choice of e-mails"), words.frequency_words(entry["frequency"])]
        for entry in parts_of.preference_entries(record)
    ]
    hidden = [
        [
            words.moment_words(entry["hidden_at"]),
            _("Hidden from the overview"),
            record.names.recipient(entry["recipient"]).text,
        ]
        for entry in parts_of.hidden_recipient_entries(record)
    ]
    found = mails + hidden
    return [table([_("Date and time"), _("What"), _("What you chose")], [2, 3, 5], found)] if found else []
