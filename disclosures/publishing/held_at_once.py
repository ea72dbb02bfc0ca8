"""Recipients that an officer put on hold at once, for an incident: no later publication ends that by the way."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from disclosures.models import IncidentStep, IncidentStepKind
from disclosures.publishing.guard_rails import Finding, finding, in_use
from disclosures.publishing.holds import hold_of
from disclosures.publishing.publications import Document

# What an entry says of its hold.
HOLD = ("on_hold_from", "on_hold_until", "on_hold_reason")


def held_at_once() -> dict[str, UUID]:
    """Return recipient → the incident for which an officer put it on hold, as far as no officer ended that. One SQL
    statement."""
    found: dict[str, UUID] = {}
    steps = IncidentStep.objects.filter(kind__in=(IncidentStepKind.HELD, IncidentStepKind.RELEASED)).order_by("pk")
    for recipient, kind, incident in steps.values_list("recipient", "kind", "incident_id"):
        if kind == IncidentStepKind.HELD:
            found[recipient] = incident
        else:
            found.pop(recipient, None)
    return found


def held_findings(published: Document | None, document: Document) -> list[Finding]:
    """Return an error for each recipient of which publishing would end the hold that an officer set. One SQL statement.

    Its reason may be written anew.
    """
    held = held_at_once()
    message = _("A privacy officer put it on hold. Only an officer ends that: leave it on hold, without an end.")
    return [
        finding("recipients", code, entry, "on_hold_from", message)
        for code, entry in in_use(document, "recipients")
        if code in held and not is_open_hold(entry)
    ]


def is_open_hold(entry: Document) -> bool:
    hold = hold_of(entry)
    return hold is not None and hold.until is None and hold.covers(timezone.now())


def with_holds_of(newest: Document | None, document: Document) -> Document:
    """Return an earlier document with what the newest one says of the holds that officers set. One SQL statement."""
    held = held_at_once()
    now: Document = (newest or {}).get("recipients", {})
    entries = document.get("recipients", {})
    changed = {
        code: with_hold(entry, now[code])
        for code, entry in entries.items()
        if code in held and code in now and not is_open_hold(entry)
    }
    return {**document, "recipients": {**entries, **changed}} if changed else document


def with_hold(entry: Document, of: Document) -> Document:
    """Return a recipient's entry with the hold of another one, or without."""
    without = {name: value for name, value in entry.items() if name not in HOLD}
    return without | {name: of[name] for name in HOLD if name in of}
