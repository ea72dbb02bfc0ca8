"""Idempotent filing: a repeated ``Idempotency-Key`` gets the same answer."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from consents.asking.request_actions import file_request
from consents.models import ApprovalRequest, IdempotencyKey
from consents.models.public_ids import parse_public_id, public_id
from disclosures.ledger.retention import Removed
from disclosures.models import Reporter
from privacycenter.database.bulk_insert import insert_new
from privacycenter.database.purging import delete_rows
from privacycenter.errors import ForeignService, KeyReused

KEPT = timedelta(days=30)
CREATED, EARLIER = 201, 200


@dataclass(frozen=True)
class Filed:
    """The outcome of filing a request.

    ``status``: 201 for a new request, 200 for an earlier one; for a repeated call, that of the first call.
    ``is_repeated``: the key was used before.
    """

    request: ApprovalRequest
    status: int
    is_repeated: bool = False


@transaction.atomic
def file_request_once(*, key: str, body_sha256: str, by: Reporter, **question: Any) -> Filed:
    """File a request once for each key: a repeated call files nothing and gets the first answer.

    Concurrent calls with one key wait for each other. A refused call stores no key, so it can be corrected and sent
    again under the same key. Raises KeyReused (the key came with another body), ForeignService (the reporter no longer
    speaks for the service) and what ``file_request`` raises.
    """
    call = IdempotencyKey(reporter=by, key=key, body_sha256=body_sha256, called_at=timezone.now())
    if not insert_new([call]):
        return first_answer(by.idempotency_keys.get(key=key), body_sha256, by)
    request, is_new = file_request(by=by, **question)
    status = CREATED if is_new else EARLIER
    by.idempotency_keys.filter(key=key).update(request=public_id(request), status=status)
    by.idempotency_keys.filter(called_at__lt=timezone.now() - KEPT).delete()
    return Filed(request, status)


def first_answer(call: IdempotencyKey, body_sha256: str, by: Reporter) -> Filed:
    if call.body_sha256 != body_sha256:
        raise KeyReused("Send the body of the first call again, or use a new key.", "Idempotency-Key")
    person, request = parse_public_id(call.request) or (0, None)
    found = ApprovalRequest.objects.with_references(person).select_related("person").get(person_id=person, id=request)
    if not by.services.filter(pk=found.service_id).exists():
        raise ForeignService(f"“{found.service.code}” is not one of your services.", "service")
    return Filed(found, call.status, is_repeated=True)


@transaction.atomic
def purge_idempotency_keys(*, reporter: Reporter, now: datetime, dry_run: bool = False) -> Removed:
    """Remove a reporter's keys after 30 days, in a transaction of its own. Also for reporters that no longer call."""
    rows = IdempotencyKey.objects.filter(reporter=reporter, called_at__lt=now - KEPT).order_by()
    return Removed(others=+Counter(idempotencykey=rows.count() if dry_run else delete_rows(rows)))
