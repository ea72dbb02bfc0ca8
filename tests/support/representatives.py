"""Somebody who acts for another person: through the action, and through the pages."""

from datetime import timedelta

from django.utils import timezone

from consents.models import Representation, RepresentationEvidence, RepresentationKind, RepresentationScope
from consents.representatives.actions import appoint_representative
from consents.representatives.appointments import Appointment
from consents.representatives.viewpoints import person_seen_by

WHY = "来店時に書類を確かめた"


def wanted(days=300, **more) -> Appointment:
    """A parent who may answer, for so many days."""
    given = {
        "kind": RepresentationKind.PARENT,
        "scope": RepresentationScope.DECIDE,
        "evidence": RepresentationEvidence.FAMILY_REGISTER,
        "until": timezone.localdate() + timedelta(days=days),
    }
    return Appointment(**{**given, **more})


def an_agent(**more) -> Appointment:
    evidence = RepresentationEvidence.POWER_OF_ATTORNEY
    return wanted(**{"kind": RepresentationKind.AGENT, "evidence": evidence, **more})


def appointed(person, representative, by, what=None) -> Representation:
    """The row by which somebody may act for this person."""
    appoint_representative(person=person, representative=representative, wanted=what or wanted(), reason=WHY, by=by)
    return person.representations.get(representative_id=representative.pk)


def seen_by(representative, row):
    """The person, as this representative sees them. None if they may not."""
    found = person_seen_by(representative, representative.held_representations.get(id=row.id))
    return found[0] if found else None


def act_for(client, row):
    """Begin to act for somebody, as the page does it."""
    return client.post(f"/my/representatives/{row.id}/acting/")
