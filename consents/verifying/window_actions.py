"""Writing down how far the verification of the ledger got."""

from django.db import transaction

from consents.verifying.windows import Night
from privacycenter.models import Verification


@transaction.atomic
def note_verified(*, night: Night) -> Verification:
    """Write down that this night's windows were verified, to their end. Of two at once the later one counts."""
    Verification.objects.get_or_create(pk=1)
    got = Verification.objects.select_for_update().get(pk=1)
    got.newest_until = max(filter(None, (got.newest_until, night.began_at)))
    if night.is_last:
        got.whole_began_at, got.round_began_at, got.reached = night.round_began_at, None, None
        got.nights_done = 0
    else:
        got.round_began_at, got.reached = night.round_began_at, night.reached
        got.nights, got.nights_done = night.pieces, night.piece + 1
    got.save()
    return got
