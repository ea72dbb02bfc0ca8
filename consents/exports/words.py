"""The texts of an exported record, in the active language."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import date, datetime
from html import unescape
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from consents.asking.answered_names import KINDS, name_of_then
from consents.asking.rules import title_of
from consents.exports.record import Record
from consents.exports.record.keyset import Entry
from consents.exports.record.summary import Extent, RecipientTotals
from consents.incidents.texts import PARTS
from consents.models import (
    Frequency,
    NoticeKind,
    QuestionAnswer,
    RecallKind,
    RecallStepKind,
    RepresentationEnd,
    RepresentationKind,
    RepresentationScope,
    RuleSetting,
    StepKind,
)
from consents.overview.recipient_list import LastStep
from consents.recalls import queries as recalls
from consents.recalls.about import AboutKind, about_of
from disclosures.inquiries.history import words_of
from disclosures.models import (
    AccountChange,
    AccountStage,
    CitedEvidence,
    EvidenceKind,
    Flag,
    Ground,
    IdentityState,
    IncidentStepKind,
    InquiryEvent,
    InquiryEventKind,
    InquiryKind,
    InquiryStatus,
    Route,
    RouteAbroad,
    Said,
)
from disclosures.models.ledger.events import UNEVIDENCED, WARNING
from disclosures.record.corrections import evidence_words
from disclosures.record.filters import LABELS, month_of
from disclosures.record.looks import opened_words
from disclosures.record.scopes import scope_words
from privacycenter.text.joining import in_one_line
from privacycenter.text.shown_files import in_words
from privacycenter.text.words import Phrase, words_in, words_in_any

STATES = {
    "open": gettext_lazy("Waiting for your answer"),
    "allowed": gettext_lazy("Allowed"),
    "partly_allowed": gettext_lazy("Allowed in part"),
    "refused": gettext_lazy("Not allowed"),
    "withdrawn": gettext_lazy("Withdrawn"),
    "withdrawal": gettext_lazy("Withdrawal"),
    "expired": gettext_lazy("Expired"),
    "replaced": gettext_lazy("Replaced by a later answer"),
    "suspended": gettext_lazy("Not allowed at present"),
    "undecided": gettext_lazy("No answer"),
    "not_needed": gettext_lazy("Needs no approval"),
    "cancelled": gettext_lazy("No longer asked: cancelled by the service"),
    "undone": gettext_lazy("Undone"),
    "undoing": gettext_lazy("Undoing of an answer"),
}
ROLES = {
    "officers": gettext_lazy("Privacy officer"),
    "administrator": gettext_lazy("Administrator"),
    "editors": gettext_lazy("Editor"),
    "publishers": gettext_lazy("Publisher"),
    "command": gettext_lazy("A command of the operator"),
    "staff": gettext_lazy("Staff"),
    "representative": pgettext_lazy("role", "Representative"),
}
# What no record holds, or this one leaves out, and why: code → text.
LEFT_OUT = {
    "values": gettext_lazy(
        "The data itself (your name, your address and so on). The record keeps which items were provided, never "
        "their content. You can separately ask us to show you the data we hold about you (APPI art. 33(1))."
    ),
    "retention": gettext_lazy(
        "Disclosures whose time is over. Records are kept for three years after the last provision to the same "
        "recipient, then deleted (APPI art. 29 and its rules)."
    ),
    "unreported": gettext_lazy(
        "What a service has not reported yet. See above how complete the record is, service by service."
    ),
    "staff": gettext_lazy(
        "The names of staff who opened the record, and their internal notes. Their role and their reason are in it."
    ),
    "receipts": gettext_lazy(
        "The signed receipts of your answers: each is a file of its own. On this site, open “My answers”, then the "
        "answer, then its receipt (/my/decisions/number/receipt/)."
    ),
}


def moment_words(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT") if moment else ""


def day_words(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "DATE_FORMAT") if moment else ""


def coverage_words(entry: Entry) -> str:
    """Return how complete one service's reports are (``summary.coverage_entries``)."""
    days = {
        name: day_words(entry[name])
        for name in ("reported_since", "last_reported_at", "complete_since", "complete_until")
        if entry[name]
    }
    reports = _("Reports since %(reported_since)s, last on %(last_reported_at)s")
    said = [reports % days if entry["reported_since"] else _("Has not reported yet")]
    if entry["complete_since"] and not entry["missing_count"]:
        said.append(_("complete from %(complete_since)s to %(complete_until)s, as the service declared") % days)
    if missing := entry["missing_count"]:
        said.append(
            ngettext(
                "over all people, %(count)s report has not arrived; whether it is about you is not known",
                "over all people, %(count)s reports have not arrived; whether any of them is about you is not known",
                missing,
            )
            % {"count": missing}
        )
    return pgettext("between the statements of a line", "; ").join(said)


def period_words(extent: Extent) -> str:
    if extent.first_at is None:
        return _("No disclosure")
    return _("%(first)s to %(last)s") % {"first": day_words(extent.first_at), "last": day_words(extent.last_at)}


def items_words(record: Record, codes: Iterable[str]) -> str:
    return in_one_line(words.text for words in record.names.items(codes))


def names_then(record: Record, entry: Entry) -> dict[str, str]:
    """Return the names of an answer that are others today: recipient, service or scenario → as it was read."""
    found = {name: name_of_then(name, entry[name], entry["shown_names"] or {}, record.names.document) for name in KINDS}
    return {name: then.text for name, then in found.items() if then}


def country_words(record: Record, recipient: str) -> str:
    """Return the published country of a recipient; empty if the recipient is not published."""
    document = record.names.document
    code = document.get("recipients", {}).get(recipient, {}).get("country", "")
    title = document.get("countries", {}).get(code, {}).get("title", {})
    return words_in(title).text or code


def ground_words(code: str) -> str:
    return str(Ground.from_code(code).label)


def route_words(entry: Entry) -> str:
    """Return the legal route of a row in words; that it is not stated is said as well."""
    return str(Route(entry["route"]).label) if entry["route"] else _("not stated")


def basis_words(entry: Entry) -> str:
    """Return on what basis a row went abroad; empty where it is not stated, or in Japan."""
    return str(RouteAbroad(entry["basis_abroad"]).label) if entry["basis_abroad"] else ""


def flag_words(codes: Iterable[str], among: Flag = WARNING | UNEVIDENCED) -> str:
    """Return the sentences of those flags that are ``among`` these."""
    return " ".join(flag.label for code in codes if (flag := Flag[code.upper()]) & among)


def stated(texts: dict[str, str] | None) -> str:
    """Return a text in the reader's language; of one that nobody stated, that it is not stated."""
    return words_in(texts).text if texts else _("not stated")


def evidence_line(cited: Entry | None) -> str:
    """Return what was cited for the ground in one line. Empty if nothing was."""
    if cited is None:
        return ""
    kind, reference = EvidenceKind.from_code(cited["kind"]), cited["reference"] or ""
    return evidence_words(CitedEvidence(kind, reference, cited["shown_publication"]))


def correction_words(entry: Entry) -> str:
    """Return the content of a correction in one sentence, with the flags of the corrected facts."""
    if entry["is_retraction"]:
        return _("There was no such disclosure. It was reported by mistake.")
    return " ".join(filter(None, (_("The correct details are below."), flag_words(entry["flags"]))))


def state_words(state: str) -> str:
    return str(STATES.get(state, state))


def now_words(record: Record, entry: Entry, name: Callable[[str], str] = str) -> str:
    """Return what holds now for each item of a decision, one line each. ``name``: how an answer is named by its id."""
    by_code = {item["code"]: item for item in entry["now"]}
    return "\n".join(now_line(record, by_code[code], name) for code in record.names.ordered(by_code))


def now_line(record: Record, item: Entry, name: Callable[[str], str]) -> str:
    said = {
        "item": record.names.title("data_items", item["code"]).text,
        "state": state_words(item["state"]),
        "until": moment_words(item["until"]),
        "since": moment_words(item["since"]),
        "decision": name(item["decision"] or ""),
    }
    if not item["decision"] or item["state"] == "not_needed":
        return _("%(item)s: %(state)s") % said
    if item["state"] == "suspended":
        return _("%(item)s: %(state)s. Your approval itself (answer %(decision)s) would hold until %(until)s") % said
    if item["state"] == "allowed":
        return _("%(item)s: %(state)s until %(until)s, by answer %(decision)s") % said
    return _("%(item)s: %(state)s since %(since)s, by answer %(decision)s") % said


def rule_words(record: Record, entry: Entry) -> str:
    return title_of(entry["kind"], entry["code"], record.names.document).text


def setting_words(setting: str) -> str:
    return str(RuleSetting(setting).label)


def step_words(entry: Entry) -> str:
    """Return how far a withdrawal has come, in the words of the decision's page."""
    match StepKind.from_code(entry["step"]):
        case StepKind.TOLD if entry["is_delivery"]:
            return _("The service was told")
        case StepKind.TOLD:
            return _("Reported: the recipient was told")
        case StepKind.ACKNOWLEDGED:
            return _("Reported: the recipient confirmed that it knows")
        case StepKind.KEPT:
            return _("Reported: the recipient keeps data")
    return _("Reported: the recipient deleted the data")


def kept_words(record: Record, entry: Entry) -> list[str]:
    """Return how long the recipient keeps what was provided under an answer, one line for each end."""
    return [kept_line(record, line) for line in entry["kept"]]


def kept_line(record: Record, line: Entry) -> str:
    said = {"items": items_words(record, line["items"]), "day": day_words(line["until"])}
    if line["deleted_at"]:
        return _("%(items)s: reported as deleted on %(day)s") % {**said, "day": day_words(line["deleted_at"])}
    if line["is_deletion_unconfirmed"]:
        return _("%(items)s: kept until %(day)s; deletion not confirmed") % said
    return _("%(items)s: kept until %(day)s") % said


def incident_title(entry: Entry) -> str:
    return words_in({language: parts["title"] for language, parts in entry["text"].items()}).text


def incident_lines(entry: Entry) -> list[str]:
    """Return the text as the person read it, and what was done."""
    parts = [
        words_in({language: one[part] for language, one in entry["text"].items() if one.get(part)}).text
        for part in PARTS
    ]
    return [*filter(None, parts), *map(incident_step_words, entry["steps"])]


def incident_step_words(step: Entry) -> str:
    done = f"{day_words(step['happened_at'])} {IncidentStepKind[step['kind'].upper()].label}"
    back = step["taken_back_at"]
    mistaken = _("(entered by mistake, taken back on %(day)s)") % {"day": day_words(back)} if back else ""
    return " ".join(filter(None, (done, words_in(step["words"]).text, mistaken)))


def recall_words(record: Record, entry: Entry) -> str:
    """Return what was asked, and about what."""
    about = about_of(entry["about"])
    title = recalls.title_of(about, record.names)
    asked = str(RecallKind(entry["kind"]).label)
    if title:
        return _("%(asked)s: %(what)s") % {"asked": asked, "what": title.text}
    if about.kind is AboutKind.DISCLOSURE:
        return _("%(asked)s: disclosure %(number)s") % {"asked": asked, "number": about.code}
    return _("%(asked)s: everything") % {"asked": asked}


def recall_lines(record: Record, entry: Entry) -> list[str]:
    """Return a line for each company: how far it has come, and the reason if it keeps or refuses."""
    return [recall_line(record, case) for case in entry["cases"]]


def recall_line(record: Record, case: Entry) -> str:
    said = {
        "recipient": record.names.recipient(case["recipient"]).text,
        "service": record.names.service(case["service"]).text,
        "state": recall_state_words(case["steps"]),
    }
    reason = words_in_any(case["steps"][-1]["reason"]).text if case["steps"] else ""
    return " ".join(filter(None, (_("%(recipient)s (%(service)s): %(state)s") % said, reason)))


def recall_state_words(steps: list[Entry]) -> str:
    if not steps:
        return _("nobody told yet")
    last = steps[-1]
    state = {"step": RecallStepKind.from_code(last["step"]).label, "day": day_words(last["taken_at"])}
    return _("%(step)s (%(day)s)") % state


def signed_words(said: str) -> str:
    """Return what a recipient signed."""
    return _("Deletion confirmed by signature") if said == Said.DELETED else _("Receipt confirmed by signature")


def reported_words(record: Record, recipient: RecipientTotals) -> list[str]:
    """Return a line for each withdrawal with the last step of this recipient; with the items if it covered a part."""
    return [
        reported_line(step) + ("" if recipient.items <= step.codes else f" ({items_words(record, step.codes)})")
        for step in recipient.reported
    ]


def reported_line(step: LastStep) -> str:
    day = {"day": day_words(step.taken_at)}
    match step.kind:
        case StepKind.DELETED:
            return _("Reported as deleted on %(day)s") % day
        case StepKind.KEPT:
            return " ".join([_("Reported as kept on %(day)s, for this reason:") % day, step.reason.text])
        case StepKind.ACKNOWLEDGED:
            return _("Confirmed your withdrawal on %(day)s") % day
    told = _("The service was told of your withdrawal on %(day)s"), _("Was told of your withdrawal on %(day)s")
    return told[not step.is_delivery] % day


def question_words(code: str) -> str:
    return str(QuestionAnswer[code.upper()].label)


def asked_on_words(day: str) -> str:
    return date_format(date.fromisoformat(day), "DATE_FORMAT")


def count_words(count: int) -> str:
    return ngettext("at least once", "at least %(count)s times", count) % {"count": count}


def role_words(role: str) -> str:
    return str(ROLES.get(role, role))


def representation_words(record: Record, entry: Entry) -> str:
    """Return who, as what, with which right and from when until when, in one line."""
    said = {
        "name": entry["representative"],
        "kind": RepresentationKind(entry["kind"]).label,
        "scope": RepresentationScope(entry["scope"]).label,
        "first": day_words(entry["begins_at"]),
        "until": moment_words(entry["until"]),
    }
    line = _("%(name)s, %(kind)s, %(scope)s, from %(first)s until %(until)s") % said
    left_out = in_one_line(record.names.service(code).text for code in entry["left_out"])
    label = _("Does not see these services")
    return f"{line} ({label}: {left_out})" if left_out else line


def representation_state(entry: Entry) -> str:
    """Return how it ended. Empty if it did not."""
    return str(RepresentationEnd[entry["end"].upper()].label) if entry["end"] else ""


def account_change_words(entry: Entry) -> str:
    kind, stage = AccountChange[entry["kind"].upper()], AccountStage[entry["stage"].upper()]
    return f"{kind.label} ({stage.label})"


def looked_at_words(record: Record, entry: Entry) -> str:
    """Return what was opened, and how much of the record could be."""
    scope = scope_words(entry["scope"] or "", entry["scope_of"] or "", record.names)
    said = scope.text if isinstance(scope, Phrase) else str(scope)
    opened = opened_words(entry["what"])
    return _("%(opened)s (%(scope)s)") % {"opened": opened, "scope": said} if said else opened


def notice_kind_words(code: str) -> str:
    return str(NoticeKind[code.upper()].label)


def frequency_words(code: str) -> str:
    return str(Frequency(code).label)


def inquiry_words(code: str) -> str:
    kind = InquiryKind.from_code(code)
    return str(kind.label) if kind else code


def inquiry_facts(entry: dict[str, Any]) -> list[list[str]]:
    """Return label and value of how an inquiry stands, and while we owe an answer, by when it is due."""
    status = InquiryStatus[entry["status"].upper()]
    facts = [[_("State"), str(status.label)]]
    if status.waits:
        facts.append([_("To be answered by"), date_format(entry["due_on"], "DATE_FORMAT")])
    return facts


def inquiry_history(entry: dict[str, Any]) -> list[tuple[str, str]]:
    """Return a heading and a text for each answer to an inquiry and for all else that was done about it, in order."""
    answers = [
        (step["taken_at"], _("Our answer of %(day)s:") % {"day": day_words(step["taken_at"])}, step["message"])
        for step in entry["steps"]
        if step["message"]
    ]
    events = [
        (event["taken_at"], f"{day_words(event['taken_at'])}:", "\n".join(inquiry_event_lines(event)))
        for event in entry["events"]
    ]
    return [(heading, text) for _at, heading, text in sorted([*answers, *events], key=lambda one: one[0])]


def inquiry_event_lines(event: dict[str, Any]) -> list[str]:
    identity = event["identity"]
    what = InquiryEvent(
        kind=InquiryEventKind[event["kind"].upper()], law=event["law"] or "", due_on=event["due_on"],
        identity=IdentityState[identity.upper()] if identity else None, way=event["way"] or "",
    )  # fmt: skip
    return [words_of(what), *filter(None, [event["words"]])]


def file_lines(entry: dict[str, Any]) -> list[str]:
    """Return a line for each file of an inquiry: from whom, what it is called, and its fingerprint."""
    return [
        _("%(name)s (%(who)s, %(size)s bytes, SHA-256 %(sha256)s)")
        % {
            "name": file["name"],
            "who": _("from us") if file["by"] == "operator" else _("from you"),
            "size": f"{file['size_bytes']:,}",
            "sha256": file["sha256"],
        }
        for file in entry["files"]
    ]


def plain_text(html: str) -> str:
    """Return rich text as plain text, one line for each paragraph."""
    lines = unescape(strip_tags(in_words(html).replace("</li>", "\n").replace("</p>", "\n"))).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())


NAMES_OF_CODES = {"recipient": "recipients", "service": "services", "scenario": "scenarios", "item": "data_items"}


def narrowed_words(record: Record) -> list[tuple[str, str]]:
    """Return the label and the value of each filter. Empty for the whole record."""
    found = []
    for name, value in asdict(record.filters).items():
        if value:
            found.append((str(LABELS[name]), value_words(record, name, value)))
    return found


def value_words(record: Record, name: str, value: Any) -> str:
    if name in NAMES_OF_CODES:
        return record.names.title(NAMES_OF_CODES[name], value).text
    if isinstance(value, bool):
        return _("yes")
    if name == "month":
        return date_format(month_of(value)[0], "YEAR_MONTH_FORMAT")
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    if name == "ground":
        return ground_words(value) if isinstance(value, str) else str(Ground(value).label)
    return str(value)
