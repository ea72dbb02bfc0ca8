"""The facts of an incident for the report to the authority, in the order of its form. Pure: no SQL.

Source: APPI Enforcement Rules art. 8(1): outline, items, number of people, cause, harm, what the people were told, what
was announced, measures, other matters.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from consents.incidents.queries import IncidentPage
from disclosures.models import IncidentStepKind
from disclosures.public.titles import Names
from privacycenter.text.words import words_in


def report_lines(page: IncidentPage, names: Names, items: Mapping[UUID, list[str]]) -> Iterable[str]:
    """Yield the lines of a text that an officer copies into the form. Numbers are those of now; it names nobody.

    ``items``: for each list, the codes of the items that its disclosures were of.
    """
    incident = page.incident
    yield _("Facts for the report: %(title)s") % {"title": incident.title}
    yield _("Noticed at: %(moment)s") % {"moment": moment(incident.noticed_at)}
    yield _("Possibly with a wrongful purpose: %(answer)s") % {"answer": _("yes") if incident.is_malicious else _("no")}
    yield from section(_("1. Outline and cause"), part(page, "what"))
    yield from section(_("2. Data and people affected"), *lines_of_lists(page, names, items))
    yield from section(_("3. Harm that happened or may follow"), part(page, "harm"))
    yield from section(_("4. What the people affected were told"), *told_lines(page))
    yield from section(_("5. Public announcement"), *(steps_of(page, IncidentStepKind.ANNOUNCED) or [_("none")]))
    measures = steps_of(page, IncidentStepKind.MEASURE)
    yield from section(_("6. Measures"), part(page, "measures"), *hold_lines(page, names), *measures)
    yield from section(_("7. Reports"), *report_times(page))


def section(heading: str, *lines: str) -> Iterable[str]:
    yield ""
    yield heading
    yield from (line for line in lines if line)


def part(page: IncidentPage, name: str) -> str:
    found = words_in({language: parts[name] for language, parts in page.text.items() if parts.get(name)})
    return found.text or _("not stated yet")


def lines_of_lists(page: IncidentPage, names: Names, items: Mapping[UUID, list[str]]) -> Iterable[str]:
    yield _("People affected: %(count)s") % {"count": page.told.people}
    for made, filters in page.lists:
        asked = recipient_words(filters.recipient, names), filters.service, filters.scenario, filters.reporter
        codes = " / ".join(filter(None, asked))
        said = {
            "since": moment(filters.since), "until": moment(filters.until), "what": codes,
            "disclosures": made.disclosure_count, "people": made.person_count,
        }  # fmt: skip
        yield _("%(what)s, provided from %(since)s to %(until)s: %(disclosures)s times, %(people)s people") % said
        if codes_of_items := items.get(made.pk):
            yield _("Items: %(items)s") % {"items": ", ".join(one.text for one in names.items(codes_of_items))}


def recipient_words(code: str, names: Names) -> str:
    """Return the name with the code; empty without a code."""
    return f"{names.recipient(code).text} ({code})" if code else ""


def told_lines(page: IncidentPage) -> Iterable[str]:
    told = page.told
    yield _("By mail: %(mailed)s; on the site: %(on_site)s; could not be reached: %(unreachable)s") % {
        "mailed": told.mailed, "on_site": told.on_site, "unreachable": told.unreachable,
    }  # fmt: skip
    for begun in steps_of(page, IncidentStepKind.NOTIFIED):
        yield _("Telling began: %(moment)s") % {"moment": begun}


def steps_of(page: IncidentPage, kind: IncidentStepKind) -> list[str]:
    return [
        f"{moment(one.step.happened_at)} {one.words.text}".strip()
        for one in page.steps
        if one.kind is kind and one.is_standing
    ]


def hold_lines(page: IncidentPage, names: Names) -> Iterable[str]:
    for one in page.steps:
        if one.step.recipient:
            recipient = recipient_words(one.step.recipient, names)
            yield f"{moment(one.step.happened_at)} {capfirst(one.kind.label)}: {recipient}"


def report_times(page: IncidentPage) -> Iterable[str]:
    for clock in page.row.clocks:
        done = moment(clock.done_at) if clock.done_at else _("not made yet")
        said = {"what": clock.name, "done": done, "due": moment(clock.due_at)}
        yield _("%(what)s: %(done)s (due %(due)s)") % said


def moment(at: datetime) -> str:
    return date_format(localtime(at), "DATETIME_FORMAT")
