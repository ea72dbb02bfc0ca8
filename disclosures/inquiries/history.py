"""What happened to a request, in one line of time: its steps and all else that was done about it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from disclosures.models import (
    IdentityState,
    IdentityWay,
    InquiryEvent,
    InquiryEventKind,
    InquiryLaw,
    InquiryStatus,
    InquiryStep,
)


@dataclass(frozen=True)
class Happening:
    """One entry. ``message`` was sent to the sender; ``note`` and ``by`` are the desk's, empty for the sender.

    ``is_elsewhere``: the message is on a page that opens once, and not here.
    """

    at: datetime
    words: str
    message: str = ""
    note: str = ""
    by: str = ""
    is_elsewhere: bool = False


def happenings(steps: Iterable[InquiryStep], events: Iterable[InquiryEvent]) -> list[Happening]:
    """Return everything, for the desk, in the order in which it happened."""
    of_steps = [
        Happening(step.taken_at, status_words(step), step.message, step.note, str(step.taken_by)) for step in steps
    ]
    of_events = [
        Happening(event.taken_at, words_of(event), event.words, event.note, str(event.taken_by)) for event in events
    ]
    return in_order(of_steps, of_events)


def shown_happenings(
    steps: Iterable[InquiryStep], events: Iterable[InquiryEvent], elsewhere: Collection[int] = ()
) -> list[Happening]:
    """Return what its sender reads, without internal notes and names: of steps those that changed the status or had a
    message for them, of the rest what was told to them and that their identity was confirmed.

    ``elsewhere``: keys of the steps whose message is left out.
    """
    of_steps = [shown_step(step, step.pk in elsewhere) for step in shown_steps(steps)]
    return in_order(of_steps, [Happening(one.taken_at, words_of(one), one.words) for one in shown_events(events)])


def shown_step(step: InquiryStep, is_elsewhere: bool) -> Happening:
    message = "" if is_elsewhere else step.message
    return Happening(step.taken_at, status_words(step), message, is_elsewhere=is_elsewhere)


def shown_steps(steps: Iterable[InquiryStep]) -> list[InquiryStep]:
    found, before = [], InquiryStatus.RECEIVED
    for step in steps:
        status = InquiryStatus(step.status)
        if step.message or status != before:
            found.append(step)
        before = status
    return found


def shown_events(events: Iterable[InquiryEvent]) -> list[InquiryEvent]:
    kinds = (InquiryEventKind.LAW, InquiryEventKind.EXTENDED, InquiryEventKind.IDENTITY)
    return [one for one in events if one.kind in kinds and one.identity != IdentityState.NOT_NEEDED]


def in_order(*lists: list[Happening]) -> list[Happening]:
    return sorted((one for some in lists for one in some), key=lambda one: one.at)


def status_words(step: InquiryStep) -> str:
    return capfirst(str(InquiryStatus(step.status).label))


def words_of(event: InquiryEvent) -> str:
    """Return what was done, in words. ``owner`` and ``whose`` must be fetched already."""
    match InquiryEventKind(event.kind):
        case InquiryEventKind.LAW:
            texts = {"law": InquiryLaw(event.law).label, "day": day_words(event)}
            return _("Handled under another law (%(law)s): to be answered by %(day)s") % texts
        case InquiryEventKind.EXTENDED:
            return _("More time was taken: to be answered by %(day)s") % {"day": day_words(event)}
        case InquiryEventKind.IDENTITY:
            return identity_words(event)
        case InquiryEventKind.OWNER if event.owner:
            return _("In charge: %(name)s") % {"name": event.owner}
        case InquiryEventKind.OWNER:
            return _("Nobody is in charge any more")
        case InquiryEventKind.LINKED if event.whose:
            return _("Connected with the record of %(subject)s") % {"subject": event.whose.subject}
        case InquiryEventKind.LINKED:
            return _("No longer connected with a record")
    return _("A note")


def identity_words(event: InquiryEvent) -> str:
    state = IdentityState(event.identity or IdentityState.NEEDED)
    if event.way:
        return _("Identity: %(state)s, %(way)s") % {"state": state.label, "way": IdentityWay(event.way).label}
    return _("Identity: %(state)s") % {"state": state.label}


def day_words(event: InquiryEvent) -> str:
    return date_format(event.due_on, "DATE_FORMAT") if event.due_on else ""
