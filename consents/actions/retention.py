"""Removing questions and answers that nothing needs any more. docs/ledger.md has the rule."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction

from consents.models import ApprovalRequest, Decision
from disclosures.actions.retention import Removed, of_keys
from disclosures.models import Disclosure
from privacycenter.purging import Key, delete_keys, purge_door, walk


def old_requests(cutoff: datetime) -> Iterator[list[Key]]:
    """Keys of all requests whose time to answer ended at the cutoff or before, in batches."""
    yield from walk(ApprovalRequest.objects.filter(requested_at__lte=cutoff, expires_at__lte=cutoff))


@transaction.atomic
def purge_requests(*, keys: Sequence[Key], cutoff: datetime, dry_run: bool = False) -> Removed:
    """Remove those of these requests whose time is over, each with all its answers. A transaction of its own.

    An answer stays as long as a disclosure names it, and until three years after it was given, was withdrawn, or ended.
    MUST run after the disclosures' own purge.
    """
    requests = of_keys(ApprovalRequest.objects.select_for_update(skip_locked=True).order_by("person_id", "id"), keys)
    answers = of_keys(Decision.objects.defer("text"), [request.pk for request in requests], "request_id")
    named = named_by_disclosures(answers)
    held = {
        (answer.person_id, answer.request_id)
        for answer in answers
        if answer.pk in named or max(answer.decided_at, answer.valid_until) > cutoff
    }
    gone = [request.pk for request in requests if request.pk not in held]
    gone_answers = [answer.pk for answer in answers if (answer.person_id, answer.request_id) not in held]
    if gone and not dry_run:
        with purge_door():
            delete_keys(Decision, gone_answers)
            delete_keys(ApprovalRequest, gone)
    return Removed(others=+Counter(approvalrequest=len(gone), decision=len(gone_answers)))


def named_by_disclosures(answers: Sequence[Decision]) -> set[Key]:
    """The answers that a disclosure names. Two SQL statements, each from the people."""
    people, ids = {answer.person_id for answer in answers}, {answer.id for answer in answers}
    found: set[Key] = set()
    for column in ("decision_id", "named_decision_id"):
        rows = Disclosure.objects.filter(person_id__in=people, **{f"{column}__in": ids})
        found |= set(rows.values_list("person_id", column).distinct())
    return found
