"""Writing down who made a row of a person for them."""

from uuid import UUID

from django.utils import timezone

from consents.models import ActedFor, Representation
from privacycenter.errors import NoLongerOpen
from privacycenter.identifiers import uuid7
from privacycenter.models import RowKind, User


def note_acted(*, person: User, kind: RowKind, row: tuple[int, UUID]) -> None:
    """Write down that a row was made by who represents the person, if it was. No SQL for the person themself.

    ``person`` as the action got them, seen through the representative's eyes; ``row``: its key. MUST be called in the
    transaction that writes the row, with the person's lock: ending a representation waits for it. Raises NoLongerOpen
    if the representation has ended meanwhile, or is not one to decide.
    """
    viewpoint = person.viewpoint
    if viewpoint is None:
        return
    found = Representation.objects.in_force().filter(person_id__in=person.keys, id=viewpoint.representation).first()
    if found is None or not found.may_decide:
        raise NoLongerOpen("You can no longer answer for this person.")
    whose, id = row
    ActedFor.objects.create(
        person_id=whose, id=uuid7(), representation_id=found.id, representative_id=viewpoint.representative,
        kind=kind, row_id=id, acted_at=timezone.now(),
    )  # fmt: skip
