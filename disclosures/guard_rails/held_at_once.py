"""Recipients that an officer put on hold at once, for an incident: no later publication ends that by the way."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from disclosures.content.publications import Document
from disclosures.guard_rails.findings import Finding, finding
from disclosures.models import IncidentStep, IncidentStepKind

# What an entry says of its hold.
HOLD = ("on_hold_from", "on_hold_until", "on_hold_reason")


@dataclass(frozen=True)
class HeldAtOnce:
    """A hold as an officer set it. ``reason``: language → what everybody reads."""

    incident: UUID
    since: datetime
    reason: dict[str, str]

    @property
    def entry(self) -> Document:
        """What the entry of its recipient says."""
        since = self.since.astimezone(UTC).replace(microsecond=0).isoformat()
        return {"on_hold_from": since, "on_hold_reason": self.reason}


def held_at_once() -> dict[str, HeldAtOnce]:
    """Return recipient → the hold that an officer set, as far as no officer ended it. One SQL statement."""
    found: dict[str, HeldAtOnce] = {}
    steps = IncidentStep.objects.filter(kind__in=(IncidentStepKind.HELD, IncidentStepKind.RELEASED)).order_by("pk")
    for recipient, kind, *hold in steps.values_list("recipient", "kind", "incident_id", "happened_at", "words"):
        if kind == IncidentStepKind.HELD:
            found[recipient] = HeldAtOnce(*hold)
        else:
            found.pop(recipient, None)
    return found


def held_findings(published: Document | None, document: Document) -> list[Finding]:
    """Return an error for each recipient of which publishing would end the hold that an officer set, also for a retired
    one: it may be used again. One SQL statement.

    Its reason may be written anew.
    """
    held = held_at_once()
    message = _("A privacy officer put it on hold. Only an officer ends that: leave it on hold, without an end.")
    return [
        finding("recipients", code, entry, "on_hold_from", message)
        for code, entry in document.get("recipients", {}).items()
        if code in held and not is_open_hold(entry)
    ]


def is_open_hold(entry: Document) -> bool:
    """Return whether the entry itself says that it is on hold, without an end.

    That its country is not decided holds it, too, but ends when an editor decides that.
    """
    since = entry.get("on_hold_from", "")
    return bool(since) and not entry.get("on_hold_until") and datetime.fromisoformat(since) <= timezone.now()


def with_holds_of(newest: Document | None, document: Document) -> Document:
    """Return an earlier document with the holds that officers set: as the newest one says them, for their reason may
    have been written anew, or else as the officer did. One SQL statement."""
    held = held_at_once()
    now: Document = (newest or {}).get("recipients", {})
    entries = document.get("recipients", {})
    changed = {
        code: with_hold(entry, now[code] if code in now and is_open_hold(now[code]) else held[code].entry)
        for code, entry in entries.items()
        if code in held and not is_open_hold(entry)
    }
    return {**document, "recipients": {**entries, **changed}} if changed else document


def with_hold(entry: Document, of: Document) -> Document:
    """Return a recipient's entry with the hold of another one, or without."""
    without = {name: value for name, value in entry.items() if name not in HOLD}
    return without | {name: of[name] for name in HOLD if name in of}
