"""What reporters report, as the ledger's action takes it."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from disclosures.ledger.events import CorrectionEvent, Facts
from disclosures.ledger.recording import Event, record_disclosures
from disclosures.models import Disclosure, Ground, Recipient

DAY = datetime(2026, 10, 1, 3, 0, tzinfo=UTC)
RIGHT = {
    "recipient": "komorebi-toge", "service": "jalan", "scenario": "online-booking", "items": ("name", "phone"),
    "ground": Ground.PERSON_ACT, "occurred_at": datetime(2026, 11, 1, 1, 0, tzinfo=UTC),
}  # fmt: skip


def an_event(event_id="event-1", **more) -> Event:
    """A booking of hanako's: the same as ``api.cloud_event``."""
    values = {
        "source": "https://booking.example/",
        "event_id": event_id,
        "subject": "subject-hanako",
        "recipient": "minato-inn",
        "service": "jalan",
        "scenario": "online-booking",
        "items": ("name", "phone"),
        "ground": Ground.PERSON_ACT,
        "occurred_at": datetime(2026, 11, 1, 1, 0, tzinfo=UTC),
    }
    return Event(**{**values, **more})


def a_survey_event(event_id="survey-1", **more) -> Event:
    """A disclosure that needs an approval."""
    values = {
        "recipient": "northwind-analytics",
        "scenario": "survey-results",
        "items": ("name",),
        "ground": Ground.APPROVAL,
        "occurred_at": timezone.now(),
    }
    return an_event(event_id, **{**values, **more})


def a_correction(about, event_id="correction-1", facts=None, **more) -> CorrectionEvent:
    """One to another recipient. ``facts``: what else is right; False: there was no such disclosure."""
    values = {
        "source": "https://booking.example/",
        "event_id": event_id,
        "subject": "subject-hanako",
        "disclosure": about.id if isinstance(about, Disclosure) else about,
        "reason": {"ja": "提供先を取り違えました。", "en": "The recipients were mixed up."},
        "occurred_at": timezone.now(),
        "facts": None if facts is False else Facts(**{**RIGHT, **(facts or {})}),
    }
    return CorrectionEvent(**{**values, **more})


def record(reporter, *events):
    """Record these events, corrections among them, as one batch; the results."""
    return record_disclosures(events=events, by=reporter)


def bookings(reporter, count, *, apart=timedelta(hours=1), **more):
    """So many bookings of hanako's, one after the other."""
    record(reporter, *(an_event(f"booking-{n}", **{"occurred_at": DAY + apart * n, **more}) for n in range(count)))


def many_kinds(reporter, count):
    """Disclosures to many recipients, of many combinations of items, some with a warning."""
    recipients = list(Recipient.objects.values_list("code", flat=True))
    combinations = [("name",), ("name", "phone"), ("email",), ("email", "phone"), ("name", "email", "phone")]
    events = [
        an_event(
            f"many-{n}",
            recipient=recipients[n % len(recipients)],
            items=combinations[n % len(combinations)],
            service=("jalan", "hotpepper-gourmet")[n % 2],
            ground=(Ground.PERSON_ACT, Ground.CONTRACT)[n % 2],
            occurred_at=DAY + timedelta(hours=n),
        )
        for n in range(count)
    ]
    record(reporter, *events)
