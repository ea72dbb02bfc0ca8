"""The sections of the PDF about everything but disclosures: requests, decisions, inquiries, accesses, notices."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from consents.exports import words
from consents.exports.pdf_blocks import Section, card, link, section, table
from consents.exports.pdf_numbers import Numbers, counted, identifiers
from consents.exports.record import Record, consent_parts, other_parts, representation_parts
from consents.exports.record.countersignature_part import countersignature_entries
from consents.exports.record.keyset import Entry
from privacycenter.text.words import words_in


def others(record: Record, numbers: Numbers) -> list[Section]:
    """Return the sections about requests, decisions and the rest. Of a part of the record only the identifiers."""
    if not record.is_whole:
        return [identifiers(record, numbers, [])]
    requests, answers = list(consent_parts.request_entries(record)), list(consent_parts.decision_entries(record))
    rules = list(consent_parts.rule_entries(record))
    numbers.requests, numbers.answers, numbers.rules = counted(requests), counted(answers), counted(rules)
    made = [
        section(_("Requests to you"), cards=[request_card(record, one, numbers) for one in requests]),
        section(_("Your answers"), cards=[decision_card(record, one, numbers) for one in answers]),
        section(_("What followed your withdrawals"), tables=step_tables(record, numbers)),
        section(_("Incidents"), cards=[incident_card(one) for one in other_parts.incident_entries(record)]),
        section(
            _("What our privacy officer found"),
            cards=[finding_card(one) for one in other_parts.finding_entries(record)],
        ),
        section(_("Your recalls"), cards=[recall_card(record, one) for one in consent_parts.recall_entries(record)]),
        section(_("What recipients signed"), tables=countersignature_tables(record)),
        section(_("What services asked, within a year"), tables=question_tables(record)),
        section(_("Your rules"), tables=rule_tables(record, rules)),
        section(
            _("Who acts for me"),
            cards=[
                *(representation_card(record, one) for one in representation_parts.representation_entries(record)),
                *(act_card(one) for one in representation_parts.act_entries(record)),
            ],
        ),
        section(_("What you wrote to us"), cards=[inquiry_card(one) for one in other_parts.inquiry_entries(record)]),
        section(_("Who looked at this record"), tables=access_tables(record)),
        section(_("What staff did to my account"), tables=account_change_tables(record)),
        section(_("What we told you"), tables=notice_tables(record)),
        section(_("What you chose"), tables=choice_tables(record)),
    ]
    said = [one if one["cards"] or one["tables"] else {**one, "intro": _("Nothing.")} for one in made]
    return [*said, identifiers(record, numbers, answers)]


def request_card(record: Record, entry: Entry, numbers: Numbers) -> dict[str, Any]:
    items = "\n".join(
        f"{record.names.title('data_items', item['code']).text}: {words_in(item['purpose']).text}"
        for item in entry["items"]
    )
    name = f"{words.day_words(entry['requested_at'])} {record.names.recipient(entry['recipient']).text}"
    return card(
        f"{numbers.request(entry['id'])} · {name}",
        [
            [_("State"), words.state_words(entry["state"])],
            [_("Service"), record.names.service(entry["service"]).text],
            [_("Situation"), record.names.scenario(entry["scenario"]).text],
            [_("Items asked for, and why"), items],
            [_("Answer until"), words.moment_words(entry["expires_at"])],
        ],
    )


def decision_card(record: Record, entry: Entry, numbers: Numbers) -> dict[str, Any]:
    then = words.names_then(record, entry)
    recipient = then.get("recipient", record.names.recipient(entry["recipient"]).text)
    return card(
        f"{numbers.answer(entry['id'])} · {words.day_words(entry['decided_at'])} {recipient}",
        [
            [_("State"), words.state_words(entry["state"])],
            [_("Answered at"), words.moment_words(entry["decided_at"])],
            [_("Service"), then.get("service", record.names.service(entry["service"]).text)],
            [_("Situation"), then.get("scenario", record.names.scenario(entry["scenario"]).text)],
            [_("What holds now"), words.now_words(record, entry, numbers.answer)],
            [_("Items that it allowed"), words.items_words(record, entry["allowed"]) or "–"],
            [_("Items that it did not allow"), words.items_words(record, entry["refused"]) or "–"],
            *([[until_words(entry), words.moment_words(entry["valid_until"])]] if entry["allowed"] else []),
            *([[_("What the recipient keeps"), "\n".join(words.kept_words(record, entry))]] if entry["kept"] else []),
            [_("Request"), numbers.request(entry["request"])],
            *([[_("Answer withdrawn"), numbers.answer(entry["withdraws"])]] if entry["withdraws"] else []),
            *([[_("Answer undone"), numbers.answer(entry["undoes"])]] if entry["undoes"] else []),
            *([[_("Answer that it changes"), numbers.answer(entry["changes"])]] if entry["changes"] else []),
            *([[_("Answered by your rule"), numbers.rule(entry["rule"])]] if entry["rule"] else []),
            *([[_("Signed receipt"), receipt_link(entry)]] if entry["has_receipt"] else []),
        ],
        (_("The text that you saw:"), text_shown(entry["text"])),
    )


def until_words(entry: Entry) -> str:
    match entry["state"]:
        case "allowed" | "partly_allowed":
            return _("Valid until")
        case "suspended":
            return _("Your approval itself would hold until")
    return _("It was to hold until")


def receipt_link(entry: Entry) -> dict[str, str]:
    return link(_("Open it on this site"), reverse("receipt", args=[entry["id"]]))


def text_shown(text: dict[str, Any]) -> str:
    """Return the text that the person saw when deciding; empty for a withdrawal, which shows none of its own."""
    scenario = text.get("scenario")
    if not scenario:
        return ""
    items = [f"{one['title']}: {one['purpose']} / {one['consequence']}" for one in text.get("items", [])]
    shown = [scenario.get("title", ""), words.plain_text(scenario.get("body", "")), *items]
    return "\n".join(filter(None, shown))


def inquiry_card(entry: Entry) -> dict[str, Any]:
    return card(
        f"{words.day_words(entry['asked_at'])} {words.inquiry_words(entry['kind'])}",
        [
            [_("Reference number"), entry["reference"]],
            *words.inquiry_facts(entry),
        ],
        (_("You wrote:"), entry["body"]),
        *words.inquiry_history(entry),
        *([(_("Files:"), "\n".join(words.file_lines(entry)))] if entry["files"] else []),
    )


def incident_card(entry: Entry) -> dict[str, Any]:
    return card(
        f"{words.day_words(entry['told_at'])} {words.incident_title(entry)}",
        [[_("Incident"), entry["id"]]],
        (_("What you were told:"), "\n".join(words.incident_lines(entry))),
    )


def finding_card(entry: Entry) -> dict[str, Any]:
    return card(
        words.day_words(entry["told_at"]), [[_("Disclosure"), entry["disclosure"]]],
        (_("What you were told:"), words_in(entry["words"]).text),
    )  # fmt: skip


def representation_card(record: Record, entry: Entry) -> dict[str, Any]:
    state = words.representation_state(entry)
    return card(
        f"{words.day_words(entry['entered_at'])} {entry['representative']}",
        [
            [pgettext("role", "Representative"), words.representation_words(record, entry)],
            *([[_("State"), state]] if state else []),
        ],
    )


def act_card(entry: Entry) -> dict[str, Any]:
    return card(words.moment_words(entry["acted_at"]), [[_("Done for you by"), entry["representative"]]])


def recall_card(record: Record, entry: Entry) -> dict[str, Any]:
    return card(
        f"{words.day_words(entry['asked_at'])} {words.recall_words(record, entry)}",
        [[_("Company"), line] for line in words.recall_lines(record, entry)],
    )


def countersignature_tables(record: Record) -> list[dict[str, Any]]:
    rows = [
        [
            words.moment_words(entry["signed_at"]),
            record.names.recipient(entry["recipient"]).text,
            words.signed_words(entry["said"]),
            entry["about"].get("disclosure") or entry["about"]["recall"],
            entry["fingerprint"],
        ]
        for entry in countersignature_entries(record)
    ]
    columns = [_("Date and time"), _("Recipient"), _("State"), _("Number"), _("Fingerprint of the key")]
    return [table(columns, [1.7, 2, 2, 2.4, 3], rows)] if rows else []


def step_tables(record: Record, numbers: Numbers) -> list[dict[str, Any]]:
    rows = [
        [
            words.moment_words(entry["taken_at"]),
            record.names.recipient(entry["recipient"]).text if entry["recipient"] else "",
            words.step_words(entry),
            words_in(entry["reason"]).text,
            numbers.answer(entry["withdrawal"]),
        ]
        for entry in consent_parts.withdrawal_step_entries(record)
    ]
    columns = [_("Date and time"), _("Recipient"), _("State"), _("Reason"), _("Withdrawal")]
    return [table(columns, [1.9, 2.4, 2.4, 3, 1], rows)] if rows else []


def question_tables(record: Record) -> list[dict[str, Any]]:
    rows = [
        [
            words.asked_on_words(entry["asked_on"]),
            record.names.recipient(entry["recipient"]).text,
            record.names.service(entry["service"]).text,
            words.question_words(entry["answer"]),
            words.count_words(entry["count"]),
        ]
        for entry in consent_parts.question_entries(record)
    ]
    columns = [_("Day"), _("Recipient"), _("Service"), _("Answer"), _("How often")]
    return [table(columns, [1.6, 2.4, 2.2, 2.6, 1.6], rows)] if rows else []


def rule_tables(record: Record, rules: list[Entry]) -> list[dict[str, Any]]:
    rows = [
        [
            str(number),
            words.moment_words(entry["made_at"]),
            words.rule_words(record, entry),
            words.setting_words(entry["setting"]),
            str(entry["version"]),
        ]
        for number, entry in enumerate(rules, start=1)
    ]
    columns = [_("No."), _("Date and time"), _("Rule"), _("What it does"), _("Version")]
    return [table(columns, [0.6, 2, 3.4, 2, 0.8], rows)] if rows else []


def access_tables(record: Record) -> list[dict[str, Any]]:
    rows = [
        [
            words.moment_words(entry["accessed_at"]),
            words.role_words(entry["role"]),
            words.looked_at_words(record, entry),
            entry["reason"],
        ]
        for entry in other_parts.access_entries(record)
    ]
    return (
        [table([_("Date and time"), _("Role"), _("What was opened"), _("Reason")], [2, 1.6, 2, 4], rows)]
        if rows
        else []
    )


def account_change_tables(record: Record) -> list[dict[str, Any]]:
    rows = [
        [
            words.moment_words(entry["taken_at"]),
            words.role_words(entry["role"]),
            words.account_change_words(entry),
            entry["reason"],
        ]
        for entry in other_parts.account_change_entries(record)
    ]
    return [table([_("Date and time"), _("Role"), _("What"), _("Reason")], [2, 1.6, 2, 4], rows)] if rows else []


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
