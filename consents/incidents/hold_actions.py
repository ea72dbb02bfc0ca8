"""Putting a recipient on hold from an incident, at once, and ending that."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction

from consents.incidents.actions import LONGEST_NOTE, add_step, lock, refuse_closed
from disclosures.approvers.queries import refuse_new_approver
from disclosures.guard_rails.held_at_once import held_at_once
from disclosures.models import Incident, IncidentStep, IncidentStepKind
from disclosures.writing.hold_actions import publish_hold
from privacycenter.errors import InvalidValue, NoLongerOpen, SecondPersonNeeded
from privacycenter.models import User
from privacycenter.text.legible import fault_of
from privacycenter.text.words import said


@transaction.atomic
def hold_recipient(*, incident: Incident, recipient: str, reason: Mapping[str, str], by: User) -> IncidentStep:
    """Put a recipient on hold now: once this is committed, every check says no. One person does it alone, also where
    nobody publishes alone, for it takes permission from nobody but the recipient.

    ``reason``: language → what everybody reads on the recipient's page; it need not name the incident. Raises
    NoLongerOpen if the incident is closed, and InvalidValue as ``publish_hold`` does.
    """
    refuse_closed(incident)
    published = publish_hold(recipient=recipient, reason=reason, by=by)
    # The moment that is published: the hold is laid over later publications by this step.
    since = datetime.fromisoformat(published.document["recipients"][recipient]["on_hold_from"])
    return add_step(incident, IncidentStepKind.HELD, by, recipient=recipient, words=said(reason), happened_at=since)


@transaction.atomic
def release_recipient(*, incident: Incident, recipient: str, note: str, by: User) -> IncidentStep:
    """End the hold that was set from this incident, also from a closed one. ``note``: why, for the desk alone.

    Raises InvalidValue without a note, NoLongerOpen if this incident holds no such recipient, SecondPersonNeeded for
    who set it where nobody publishes alone, ApproverIsNew for who may approve since lately.
    """
    lock(incident)
    note = note.strip()
    if not note or len(note) > LONGEST_NOTE or fault_of(note):
        raise InvalidValue(f"Say why, in at most {LONGEST_NOTE} characters.", "note")
    hold = held_at_once().get(recipient)
    if hold is None or hold.incident != incident.pk:
        raise NoLongerOpen("This incident does not hold such a recipient.", "recipient")
    held = incident.steps.filter(kind=IncidentStepKind.HELD, recipient=recipient).latest("pk")
    if settings.SECOND_PERSON and held.taken_by_id == by.pk:
        raise SecondPersonNeeded("Another officer than the one who put it on hold has to end that.")
    refuse_new_approver(by)
    # First the step: nothing is published that ends a hold which stands.
    step = add_step(incident, IncidentStepKind.RELEASED, by, recipient=recipient, note=note)
    publish_hold(recipient=recipient, reason=None, by=by)
    return step
