"""Removal of refused messages that nobody looked after. docs/ledger.md has the rule."""

from collections import Counter
from datetime import datetime

from disclosures.models import RefusedMessage
from privacycenter.database.purging import delete_rows


def purge_refused_messages(cutoff: datetime, *, dry_run: bool = False) -> Counter[str]:
    """Remove those that came before the cutoff, as rejected reports of the API are removed."""
    old = RefusedMessage.objects.filter(received_at__lte=cutoff).order_by()
    return +Counter(refusedmessage=old.count() if dry_run else delete_rows(old))
