"""Keeping the faults that a verification found, and acknowledging them."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from disclosures.models import FaultAcknowledgement, LedgerFault
from disclosures.officers.actions import LONGEST_REASON
from privacycenter.database.verifying import Fault
from privacycenter.errors import InvalidValue, NoLongerOpen
from privacycenter.models import User


@transaction.atomic
def keep_faults(*, part: str, found: Sequence[Fault]) -> dict[str, FaultAcknowledgement]:
    """Keep those that are new. Return digest → acknowledgement of those that an officer has acknowledged."""
    now = timezone.now()
    LedgerFault.objects.bulk_create(
        [
            LedgerFault(digest=fault.digest, part=part, row=fault.row[:200], what=fault.what, found_at=now)
            for fault in found
        ],
        ignore_conflicts=True,
    )
    known = FaultAcknowledgement.objects.select_related("fault", "acknowledged_by")
    return {one.fault.digest: one for one in known.filter(fault__digest__in=[fault.digest for fault in found])}


@transaction.atomic
def acknowledge_fault(*, fault: LedgerFault, reason: str, by: User) -> FaultAcknowledgement:
    """Say why a fault is there. From then on it is listed and alarms no more.

    Raises InvalidValue without a reason, NoLongerOpen if somebody has acknowledged it.
    """
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise InvalidValue("Say why it is there, in at most 5,000 characters.", "reason")
    acknowledgement, created = FaultAcknowledgement.objects.get_or_create(
        fault=fault, defaults={"reason": reason.strip(), "acknowledged_at": timezone.now(), "acknowledged_by": by}
    )
    if not created:
        raise NoLongerOpen("Somebody has acknowledged this fault.")
    return acknowledgement
