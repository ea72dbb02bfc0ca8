"""Erasures that were done, for the officers' desk."""

from disclosures.models import Erasure
from privacycenter.models import User

SHOWN = 50


def latest_erasures() -> list[tuple[Erasure, str]]:
    """Return the newest erasures with who did it (empty for a command), newest first. Two SQL statements."""
    found = list(Erasure.objects.order_by("-erased_at", "-pk")[:SHOWN])
    staff = User.objects.in_bulk({one.staff_id for one in found})
    return [(one, str(staff.get(one.staff_id, ""))) for one in found]
