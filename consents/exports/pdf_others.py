"""The sections of the PDF about everything but disclosures: requests, decisions, inquiries, accesses, notices."""

from typing import Any

from django.utils.translation import gettext as _

from consents.exports import words
from consents.exports.pdf_blocks import Section, section, table
from consents.exports.record import Record, consent_parts, other_parts
from consents.exports.record.keyset import Entry
from privacycenter.text.words import words_in


def others(record: Record) -> list[Section]:
    """Return the sections about requests, decisions and the rest. Empty unless the record is whole."""
    if not record.is_whole:
        return []
    made = [
        section(
            _("Requests to you"), cards=[request_card(record, one) for one in consent_parts.request_entries(record)]
        ),
        section(
            _("Your answers"), cards=[decision_card(record, one) for one in consent_parts.decision_entries(record)]
        ),
        section(_("What followed your withdrawals"), tables=step_tables(record)),
        section(_("Your rules"), tables=rule_tables(record)),
        section(_("What you wrote to us"), cards=[inquiry_card(one) for one in other_parts.inquiry_entries(record)]),
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
            *([[_("Valid until"), words.moment_words(entry["valid_until"])]] if entry["allowed"] else []),
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
    """Return the text that the person saw when deciding; empty for a withdrawal, which shows none of its own."""
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
            record.names.recipient(entry["recipient"]).text if entry["recipient"] else "",
            words.step_words(entry),
            words_in(entry["reason"]).text,
            entry["withdrawal"],
        ]
        for entry in consent_parts.withdrawal_step_entries(record)
    ]
    columns = [_("Date and time"), _("Recipient"), _("State"), _("Reason"), _("Withdrawal")]
    return [table(columns, [1.9, 2.2, 2, 2.2, 3], rows)] if rows else []


def rule_tables(record: Record) -> list[dict[str, Any]]:
    rows = [
        [
            words.moment_words(entry["made_at"]),
            words.rule_words(record, entry),
            words.setting_words(entry["setting"]),
            str(entry["version"]),
            entry["id"],
        ]
        for entry in consent_parts.rule_entries(record)
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
        for entry in other_parts.access_entries(record)
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
        for entry in other_parts.notice_entries(record)
    ]
    mails = [
        [
            words.moment_words(entry["sent_at"]),
            _("E-mail with %(count)s notices") % {"count": entry["notice_count"]},
            "",
        ]
        for entry in other_parts.mailing_entries(record)
    ]
    found = rows + mails
    return [table([_("Date and time"), _("What"), _("Recipient")], [2, 3, 3], found)] if found else []


def choice_tables(record: Record) -> list[dict[str, Any]]:
    """Return the tables of e-mail preferences and of recipients hidden from the overview."""
    mails = [
        [words.moment_words(entry["chosen_at"]), _("Your choice of e-mails"), words.frequency_words(entry["frequency"])]
        for entry in other_parts.preference_entries(record)
    ]
    hidden = [
        [
            words.moment_words(entry["hidden_at"]),
            _("Hidden from the overview"),
            record.names.recipient(entry["recipient"]).text,
        ]
        for entry in other_parts.hidden_recipient_entries(record)
    ]
    found = mails + hidden
    return [table([_("Date and time"), _("What"), _("What you chose")], [2, 3, 5], found)] if found else []
