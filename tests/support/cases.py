"""Addresses of cases and of their events at the desk."""

from disclosures.models import Case, CaseEvent

CASES = "/admin/cases/"


def case_path(case: Case) -> str:
    return f"{CASES}{case.pk}/"


def event_path(event: CaseEvent) -> str:
    return f"{CASES}{event.case_id}/events/{event.pk}/"


def only_event() -> str:
    """The address of the only event of the only case."""
    return event_path(CaseEvent.objects.get())
