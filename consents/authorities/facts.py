"""The facts of a pack: what is told about one disclosure, in words for the PDF and in codes for programs."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from consents.exports import words
from consents.exports.json_file import dumped, operator_entry, person_entry
from consents.exports.pdf_blocks import Section, card, section, table
from consents.exports.pdf_numbers import Numbers
from consents.exports.pdf_provided import correction_card
from consents.exports.record import Record
from consents.exports.record.consent_parts import recall_entries
from consents.exports.record.countersignature_part import countersignature_entries
from consents.exports.record.disclosure_part import correction_entries, disclosure_entries
from consents.exports.record.keyset import Entry
from consents.exports.record.other_parts import finding_entries
from disclosures.content.publications import newest_publication
from disclosures.models import Authority
from disclosures.models.ledger.events import DisclosureQuerySet
from disclosures.public.titles import Names
from disclosures.record.disclosure_page import DisclosurePage
from disclosures.record.filters import EVERYTHING
from privacycenter.models import User
from privacycenter.text.languages import interface_language, page_language
from privacycenter.text.words import words_in

FORMAT, VERSION = "privacycenter.authority-pack", 1


@dataclass(frozen=True)
class OneDisclosure(Record):
    """A person's record with one disclosure of it alone."""

    disclosure: UUID

    @property
    def is_whole(self) -> bool:
        return False

    @property
    def disclosures(self) -> DisclosureQuerySet:
        return self.corrected.reported.filter(id=self.disclosure)


@dataclass(frozen=True)
class Facts:
    """What a pack says. ``disclosures``: one, or one for each account of the person that it was reported about;
    ``recalls``: those that the recipient was asked, with its cases alone."""

    record: OneDisclosure
    authority: Authority
    page: DisclosurePage
    disclosures: list[Entry]
    corrections: list[Entry]
    findings: list[Entry]
    signed: list[Entry]
    recalls: list[Entry]

    @property
    def signed_ids(self) -> list[UUID]:
        return [UUID(one["id"]) for one in self.signed]

    @property
    def operator(self) -> dict[str, Any]:
        found: dict[str, Any] = self.record.names.document.get("site", {}).get("site", {})
        return found


def facts_about(person: User, page: DisclosurePage, authority: Authority, made_at: datetime) -> Facts:
    """Return all that is known here about one disclosure. Some ten SQL statements."""
    id = str(page.disclosure.id)
    published = newest_publication()
    record = OneDisclosure(
        person=person,
        filters=EVERYTHING,
        made_at=made_at,
        publication=published.number if published else 0,
        publication_sha256=published.sha256 if published else "",
        names=Names(published.document if published else None),
        disclosure=page.disclosure.id,
    )
    corrections = list(correction_entries(record))
    recipients = {page.disclosure.recipient.code, *(one["recipient"] for one in corrections)}
    return Facts(
        record=record,
        authority=authority,
        page=page,
        disclosures=list(disclosure_entries(record)),
        corrections=corrections,
        findings=[one for one in finding_entries(record) if one["disclosure"] == id],
        signed=[one for one in countersignature_entries(record) if one["about"].get("disclosure") == id],
        recalls=list(recalls_of(recall_entries(record), recipients)),
    )


def recalls_of(entries: Iterable[Entry], recipients: Collection[str | None]) -> Iterable[Entry]:
    for entry in entries:
        if cases := [case for case in entry["cases"] if case["recipient"] in recipients]:
            yield {**entry, "cases": cases}


# --- For programs ----------------------------------------------------------------------------------------------------


def as_json(facts: Facts, proofs: list[dict[str, Any]]) -> bytes:
    """Return the facts as JSON, in the shapes of docs/export.md. ``proofs``: of the rows that are sealed."""
    record, authority = facts.record, facts.authority
    document = {
        "format": FORMAT,
        "version": VERSION,
        "made_at": record.made_at,
        "time_zone": settings.TIME_ZONE,
        "authority": {"code": authority.code, "name": authority.texts("title"), "url": authority.url},
        "operator": facts.operator.get("operator", {}),
        "operator_facts": operator_entry(facts.operator),
        "person": person_entry(record.person),
        "publication": {"number": record.publication, "sha256": record.publication_sha256},
        "disclosures": facts.disclosures,
        "corrections": facts.corrections,
        "findings": facts.findings,
        "countersignatures": facts.signed,
        "recalls": facts.recalls,
        "proofs": proofs,
    }
    return (json.dumps(json.loads(dumped(document)), ensure_ascii=False, indent=1) + "\n").encode()


# --- For people ------------------------------------------------------------------------------------------------------


def as_pdf_data(facts: Facts, entries: list[str], receipts: list[str]) -> dict[str, Any]:
    """Return what the PDF shows. ``entries``: where rows stand in the public log; ``receipts``: names of files."""
    title = _("Facts about one disclosure of personal data")
    record = facts.record
    made = [
        what_happened(facts),
        why_marked(facts),
        what_was_found(facts),
        corrected(facts),
        text_of_the_day(facts.page),
        answered(facts.page, receipts),
        what_followed(facts),
        how_to_check(entries),
    ]
    return {
        "language": interface_language(),
        "content_language": page_language(),
        "title": title,
        "footer": [title, str(record.person), words.day_words(record.made_at)],
        "facts": about_pack(facts),
        "sections": made,
    }


def about_pack(facts: Facts) -> list[list[str]]:
    authority, operator = facts.authority, facts.operator
    known = operator_entry(operator)
    return [
        [pgettext("of a pack", "For"), authority.name.text],
        *([[_("Telephone"), authority.phone]] if authority.phone else []),
        *([[_("Address"), authority.address]] if authority.address else []),
        [_("Its page"), authority.url],
        [_("Person"), str(facts.record.person)],
        [_("Operator"), words_in(operator.get("operator", {})).text],
        [_("Address of the operator"), words.stated(known["address"])],
        [_("Complaints to the operator"), words.stated(known["complaint_contact"])],
        [_("Created at"), f"{words.moment_words(facts.record.made_at)} ({settings.TIME_ZONE})"],
    ]


def what_happened(facts: Facts) -> Section:
    page, disclosure = facts.page, facts.page.disclosure
    recipient = page.published.recipient or page.recipient
    rows = [
        [_("Date and time"), words.moment_words(disclosure.occurred_at)],
        [_("Recipient"), recipient.title.text],
        [_("Address of the recipient"), recipient.address.text or words.stated(None)],
        [_("Country"), recipient.country.title.text],
        [pgettext("of a recipient", "Contact"), str(recipient.contact) or words.stated(None)],
        [_("Service"), page.service.text],
        [_("Situation"), page.scenario.text],
        [_("Data items"), "\n".join(item.text for item in page.items)],
        [_("Ground that was reported"), str(page.ground.label)],
        [_("Evidence"), words.evidence_line(facts.disclosures[0]["evidence"]) or words.stated(None)],
        [_("Reported by"), f"{disclosure.reporter.name.text}, {words.moment_words(disclosure.recorded_at)}"],
        [_("Number"), str(disclosure.id)],
    ]
    note = _("The record holds which kinds of data were provided, never the data itself.")
    columns = [_("What"), _("As it was reported")]
    return section(_("What was provided to whom"), intro=note, tables=[table(columns, [1, 2.4], rows)])


def why_marked(facts: Facts) -> Section:
    intro = _("When it was recorded, it was compared with what was published and with the person's answers.")
    return section(_("Why it is marked"), intro=intro, points=tuple(str(flag.label) for flag in facts.page.flags))


def what_was_found(facts: Facts) -> Section:
    found = [[words.day_words(one["told_at"]), words_in(one["words"]).text] for one in facts.findings]
    columns = [_("Date"), _("What the privacy officer found")]
    return section(
        _("What the operator found"),
        intro="" if found else _("The person has been told nothing so far."),
        tables=[table(columns, [1, 3.4], found)] if found else [],
    )


def corrected(facts: Facts) -> Section:
    cards = [correction_card(facts.record, one, Numbers()) for one in facts.corrections]
    return section(_("What the service corrected later"), intro="" if cards else _("Nothing."), cards=cards)


def text_of_the_day(page: DisclosurePage) -> Section:
    then = page.text_then
    if then is None or then.scenario is None:
        return section(_("The published text of that day"), intro=_("The situation was not described then."))
    day = {"number": then.number, "day": words.moment_words(then.published_at)}
    intro = (
        _("Nothing was published on that day yet. This is publication %(number)s of %(day)s, the first.") % day
        if then.is_later
        else _("Publication %(number)s of %(day)s, in force at that moment. The whole text is a file of this pack.")
        % day
    )
    texts = (("", words.plain_text(str(then.scenario.body))),)
    return section(_("The published text of that day"), intro=intro, cards=[card(then.scenario.title.text, [], *texts)])


def answered(page: DisclosurePage, receipts: list[str]) -> Section:
    if receipts:
        return section(_("What the person had answered"), intro=_("The receipts in this pack:"), points=tuple(receipts))
    intro = (
        _("No answer of the person allowed this.")
        if page.needs_approval
        else _("No approval is asked for in this situation, so there is no receipt.")
    )
    return section(_("What the person had answered"), intro=intro)


def what_followed(facts: Facts) -> Section:
    signed = [
        f"{words.signed_words(one['said'])}: {words.moment_words(one['signed_at'])} ({one['fingerprint']})"
        for one in facts.signed
    ]
    asked = [
        f"{words.day_words(one['asked_at'])} {words.recall_words(facts.record, one)} – {line}"
        for one in facts.recalls
        for line in words.recall_lines(facts.record, one)
    ]
    points = (*signed, *asked)
    intro = "" if points else _("Nothing.")
    return section(_("What the recipient signed, and was asked for"), intro=intro, points=points)


def how_to_check(entries: list[str]) -> Section:
    log = f"{settings.SITE_ADDRESS}/log/"
    if not entries:
        return section(_("How to check it"), intro=_("It is not sealed in the public log yet. That takes ten minutes."))
    intro = _(
        "The rows are sealed in the public log at %(log)s. Who has this pack can check with the files in “proofs” that "
        "they were there at that time and have not changed since: python verify_record.pyz FILE (the program is at "
        "%(log)sverify_record.pyz)."
    ) % {"log": log}
    limits = _(
        "The log shows that the operator did not change what was reported. It does not show that a report is true, or "
        "what was never reported."
    )
    return section(_("How to check it"), intro=f"{intro} {limits}", points=tuple(entries))
