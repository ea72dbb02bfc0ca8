"""The record as CSV for spreadsheets: one table in the reader's language. docs/export.md describes it.

UTF-8 with a byte order mark and CRLF: spreadsheets then read Japanese text everywhere.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from consents.exports import words
from consents.exports.record import Record, keyset, registry, summary
from consents.exports.record.keyset import Entry
from consents.exports.record.provided_to import provided_to
from disclosures.record.accesses import WITHHELD
from privacycenter.text.csv_cells import MARKER, defused, written
from privacycenter.text.words import words_in

PIECE_ROWS = 200
COLUMNS = (
    "kind", "when", "recipient", "country", "service", "scenario", "items", "ground", "state", "text", "id",
    "recipient_code", "service_code", "scenario_code", "item_codes", "decision", "recorded_at", "reporter", "event_id",
    "evidence", "recipient_address", "representative", "route", "basis_abroad",
)  # fmt: skip


def pieces(record: Record, on_rows: Callable[[int], None] = lambda count: None) -> Iterator[bytes]:
    """Yield the file in pieces. ``on_rows`` is called now and then with the number of disclosures so far."""
    yield MARKER
    waiting = [list(headings().values())]
    for row in rows(record, on_rows):
        waiting.append([defused(row.get(column, "")) for column in COLUMNS])
        if len(waiting) >= PIECE_ROWS:
            yield written(waiting)
            waiting = []
    yield written(waiting)


def moment(value: Any) -> str:
    """Return the time in the site's time zone as spreadsheets read it: ``2026-11-01 10:00:00``."""
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S") if value else ""


def headings() -> dict[str, str]:
    return {
        "kind": _("Type"),
        "when": _("Date and time"),
        "recipient": _("Recipient"),
        "country": _("Country"),
        "service": _("Service"),
        "scenario": _("Situation"),
        "items": _("Data items"),
        "ground": _("Ground"),
        "state": _("State or warning"),
        "text": _("Details"),
        "id": _("Identifier"),
        "recipient_code": _("Recipient (code)"),
        "service_code": _("Service (code)"),
        "scenario_code": _("Situation (code)"),
        "item_codes": _("Items (codes)"),
        "decision": _("Number of the answer"),
        "recorded_at": _("Recorded at"),
        "reporter": _("Reported by"),
        "event_id": _("Number of the report"),
        "evidence": _("Evidence"),
        "recipient_address": _("Address of the recipient"),
        "representative": _("Representative of the recipient"),
        "route": _("Legal route"),
        "basis_abroad": _("Basis for provision abroad"),
    }


def rows(record: Record, on_rows: Callable[[int], None]) -> Iterator[dict[str, str]]:
    """Yield the ledger, then each other part, then the description of the record.

    A row is column → text; missing columns are empty. A spreadsheet takes what a column holds from its first rows.
    """
    versions = provided_to(record)
    for name in registry.parts(record):
        as_row = ROWS[name]
        for number, entry in enumerate(registry.PARTS[name](record), start=1):
            published = entry.get("publication")
            known = versions.get((entry["recipient"], published)) if published is not None else None
            yield as_row(record, entry) | (version_cells(known) if known else {})
            if name == "disclosures" and number % keyset.CHUNK_ROWS == 0:
                on_rows(number)
    yield from about_rows(record)


def about_rows(record: Record) -> Iterator[dict[str, str]]:
    kind, extent = _("About this record"), summary.extent(record)
    made_at = moment(record.made_at)
    yield {"kind": kind, "when": made_at, "text": _("Record of %(person)s") % {"person": record.person}}
    yield {"kind": kind, "text": _("Period: %(period)s") % {"period": words.period_words(extent)}}
    yield {"kind": kind, "text": _("Disclosures: %(count)s") % {"count": extent.disclosure_count}}
    for label, value in words.narrowed_words(record):
        yield {"kind": kind, "text": _("Only: %(label)s %(value)s") % {"label": label, "value": value}}
    for entry in summary.coverage_entries(record):
        yield {
            "kind": _("How complete"),
            "when": moment(entry["last_reported_at"]),
            "service": record.names.service(entry["service"]).text,
            "service_code": entry["service"],
            "text": words.coverage_words(entry),
        }
    for text in (*words.LEFT_OUT.values(), WITHHELD):
        yield {"kind": _("Not in this record"), "text": str(text)}


def place(record: Record, entry: Entry) -> dict[str, str]:
    """Return recipient, service and scenario, by title and by code."""
    return {
        "recipient": record.names.recipient(entry["recipient"]).text,
        "country": words.country_words(record, entry["recipient"]),
        "service": record.names.service(entry["service"]).text,
        "scenario": record.names.scenario(entry["scenario"]).text,
        "recipient_code": entry["recipient"],
        "service_code": entry["service"],
        "scenario_code": entry["scenario"],
    }


def version_cells(known: Entry) -> dict[str, str]:
    """Return who the recipient was when the data went to it."""
    return {
        "recipient": words_in(known["name"]).text,
        "recipient_address": words.stated(known["address"]),
        "representative": words.stated(known["representative"]),
    }


def recipient_cells(record: Record, code: str | None) -> dict[str, str]:
    return {"recipient": record.names.recipient(code).text, "recipient_code": code} if code else {}


def disclosure_row(record: Record, entry: Entry) -> dict[str, str]:
    return {
        "kind": _("Disclosure"),
        "when": moment(entry["occurred_at"]),
        **place(record, entry),
        "items": words.items_words(record, entry["items"]),
        "item_codes": " ".join(entry["items"]),
        "ground": words.ground_words(entry["ground"]),
        "state": words.flag_words(entry["flags"]),
        "id": entry["id"],
        "decision": entry["decision"] or "",
        "recorded_at": moment(entry["recorded_at"]),
        "reporter": entry["reporter"],
        "event_id": entry["event_id"],
        "evidence": words.evidence_line(entry["evidence"]),
        "route": words.route_words(entry),
        "basis_abroad": words.basis_words(entry),
    }


def correction_row(record: Record, entry: Entry) -> dict[str, str]:
    right = {} if entry["is_retraction"] else place(record, entry)
    return {
        "kind": _("Correction"),
        "when": moment(entry["occurred_at"]),
        **right,
        "items": words.items_words(record, entry["items"]),
        "item_codes": " ".join(entry["items"]),
        "ground": words.ground_words(entry["ground"]) if entry["ground"] else "",
        "state": words.correction_words(entry),
        "text": words_in(entry["reason"]).text,
        "id": entry["disclosure"],
        "recorded_at": moment(entry["recorded_at"]),
        "reporter": entry["reporter"],
        "evidence": words.evidence_line(entry["evidence"]),
        "route": "" if entry["is_retraction"] else words.route_words(entry),
        "basis_abroad": words.basis_words(entry),
    }


def request_row(record: Record, entry: Entry) -> dict[str, str]:
    codes = [item["code"] for item in entry["items"]]
    return {
        "kind": _("Request"),
        "when": moment(entry["requested_at"]),
        **place(record, entry),
        "items": words.items_words(record, codes),
        "item_codes": " ".join(codes),
        "state": words.state_words(entry["state"]),
        "text": ": ".join((_("Answer until"), words.moment_words(entry["expires_at"]))),
        "id": entry["id"],
        "decision": " ".join(entry["decisions"]),
        "reporter": entry["reporter"],
    }


def decision_row(record: Record, entry: Entry) -> dict[str, str]:
    text = _(
        "Allowed: %(allowed)s. Not allowed: %(refused)s. Valid until %(until)s. Fingerprint of the text (SHA-256): "
        "%(hash)s"
    )
    if not entry["allowed"]:
        text = _("Not allowed: %(refused)s. SHA-256 of the text: %(hash)s")
    decided = text % {
        "allowed": words.items_words(record, entry["allowed"]) or "–",
        "refused": words.items_words(record, entry["refused"]) or "–",
        "until": words.moment_words(entry["valid_until"]),
        "hash": entry["text_sha256"],
    }
    held = words.now_words(record, entry)
    by_rule = _("Answered by your rule %(rule)s. ") % {"rule": entry["rule"]} if entry["rule"] else ""
    return {
        "kind": _("Answer"),
        "when": moment(entry["decided_at"]),
        **place(record, entry),
        **words.names_then(record, entry),
        "items": words.items_words(record, entry["allowed"]),
        "item_codes": " ".join(entry["allowed"]),
        "state": words.state_words(entry["state"]),
        "text": "\n".join(
            [_("What holds now:"), held, _("What was decided:"), by_rule + decided, *words.kept_words(record, entry)]
        ),
        "id": entry["id"],
        "decision": entry["withdraws"] or entry["undoes"] or entry["changes"] or "",
    }


def rule_row(record: Record, entry: Entry) -> dict[str, str]:
    return {
        "kind": _("Rule"),
        "when": moment(entry["made_at"]),
        "state": words.setting_words(entry["setting"]),
        "text": _("%(rule)s (version %(version)s)")
        % {"rule": words.rule_words(record, entry), "version": entry["version"]},
        "id": entry["id"],
    }


def withdrawal_step_row(record: Record, entry: Entry) -> dict[str, str]:
    return {
        "kind": _("After a withdrawal"),
        "when": moment(entry["taken_at"]),
        **recipient_cells(record, entry["recipient"]),
        "state": words.step_words(entry),
        "text": words_in(entry["reason"]).text,
        "id": entry["id"],
        "decision": entry["withdrawal"],
        "reporter": entry["reporter"] or "",
    }


def recall_row(record: Record, entry: Entry) -> dict[str, str]:
    return {
        "kind": _("Recall"),
        "when": moment(entry["asked_at"]),
        "state": words.recall_words(record, entry),
        "text": "\n".join(words.recall_lines(record, entry)),
        "id": entry["id"],
    }


def countersignature_row(record: Record, entry: Entry) -> dict[str, str]:
    return {
        "kind": _("Signature of a recipient"),
        "when": moment(entry["received_at"]),
        "recipient": record.names.recipient(entry["recipient"]).text,
        "recipient_code": entry["recipient"],
        "state": words.signed_words(entry["said"]),
        "text": _("Key: %(fingerprint)s") % {"fingerprint": entry["fingerprint"]},
        "id": entry["about"].get("disclosure") or entry["about"]["recall"],
    }


def question_row(record: Record, entry: Entry) -> dict[str, str]:
    return {
        "kind": _("Questions of a service"),
        "when": entry["asked_on"],
        **recipient_cells(record, entry["recipient"]),
        "service": record.names.service(entry["service"]).text,
        "service_code": entry["service"],
        "state": words.question_words(entry["answer"]),
        "text": words.count_words(entry["count"]),
    }


def incident_row(record: Record, entry: Entry) -> dict[str, str]:
    return {
        "kind": _("Incident"),
        "when": moment(entry["told_at"]),
        "text": "\n".join(words.incident_lines(entry)),
        "id": entry["id"],
    }


def finding_row(record: Record, entry: Entry) -> dict[str, str]:
    return {
        "kind": _("What our privacy officer found"),
        "when": moment(entry["told_at"]),
        "text": words_in(entry["words"]).text,
        "id": entry["disclosure"],
    }


def representation_row(record: Record, entry: Entry) -> dict[str, str]:
    return {
        "kind": pgettext("role", "Representative"),
        "when": moment(entry["entered_at"]),
        "state": words.representation_state(entry),
        "text": words.representation_words(record, entry),
        "id": entry["id"],
    }


def act_row(record: Record, entry: Entry) -> dict[str, str]:
    return {
        "kind": _("Done for you"),
        "when": moment(entry["acted_at"]),
        "text": entry["representative"],
        "id": entry["about"],
        "decision": entry["about"],
    }


def inquiry_row(record: Record, entry: Entry) -> dict[str, str]:
    (_label, state), *others = words.inquiry_facts(entry)
    history = [f"{heading} {text}" for heading, text in words.inquiry_history(entry)]
    return {
        "kind": _("What you wrote to us"),
        "when": moment(entry["asked_at"]),
        "state": state,
        "text": "\n\n".join(
            [
                words.inquiry_words(entry["kind"]),
                entry["body"],
                *(": ".join(fact) for fact in others),
                *history,
                *words.file_lines(entry),
            ]
        ),
        "id": entry["reference"],
    }


def access_row(record: Record, entry: Entry) -> dict[str, str]:
    return {
        "kind": _("Who looked"),
        "when": moment(entry["accessed_at"]),
        "state": words.role_words(entry["role"]),
        "text": ": ".join(filter(None, (words.looked_at_words(record, entry), entry["reason"]))),
        # The id of the disclosure looked at, or of the decision that withdrew.
        "decision" if entry["what"] == "withdrawal" else "id": entry["about"] or "",
    }


def account_change_row(record: Record, entry: Entry) -> dict[str, str]:
    return {
        "kind": _("What staff did to my account"),
        "when": moment(entry["taken_at"]),
        "state": words.account_change_words(entry),
        "text": ": ".join(filter(None, (words.role_words(entry["role"]), entry["reason"]))),
        "id": entry["id"],
    }


def notice_row(record: Record, entry: Entry) -> dict[str, str]:
    return {
        "kind": _("Notice"),
        "when": moment(entry["noticed_at"]),
        **recipient_cells(record, entry["recipient"]),
        "text": words.notice_kind_words(entry["kind"]),
        "id": entry["about"] or "",
    }


def mailing_row(record: Record, entry: Entry) -> dict[str, str]:
    text = _("E-mail with %(count)s notices") % {"count": entry["notice_count"]}
    return {"kind": _("E-mail"), "when": moment(entry["sent_at"]), "text": text}


def preference_row(record: Record, entry: Entry) -> dict[str, str]:
    return {
        "kind": _("Your choice of e-mails"),
        "when": moment(entry["chosen_at"]),
        "text": words.frequency_words(entry["frequency"]),
    }


def hidden_recipient_row(record: Record, entry: Entry) -> dict[str, str]:
    return {
        "kind": _("Hidden from the overview"),
        "when": moment(entry["hidden_at"]),
        **recipient_cells(record, entry["recipient"]),
    }


ROWS: dict[str, Callable[[Record, Entry], dict[str, str]]] = {
    "disclosures": disclosure_row,
    "corrections": correction_row,
    "requests": request_row,
    "decisions": decision_row,
    "rules": rule_row,
    "withdrawal_steps": withdrawal_step_row,
    "recalls": recall_row,
    "countersignatures": countersignature_row,
    "questions": question_row,
    "incidents": incident_row,
    "findings": finding_row,
    "representations": representation_row,
    "acts": act_row,
    "inquiries": inquiry_row,
    "accesses": access_row,
    "account_changes": account_change_row,
    "notices": notice_row,
    "mailings": mailing_row,
    "preferences": preference_row,
    "hidden_recipients": hidden_recipient_row,
}
