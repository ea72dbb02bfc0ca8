"""Removal of requests and decisions at the end of their retention. docs/ledger.md has the rule."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from consents.models import (
    ApprovalCount,
    ApprovalRequest,
    CountedApproval,
    Decision,
    FiledRequest,
    RequestCancellation,
    StandingRule,
    WithdrawalCase,
    WithdrawalClosure,
    WithdrawalStep,
)
from disclosures.ledger.retention import Removed
from disclosures.ledger.shared_records import ever_together
from disclosures.models import Correction, Disclosure, SharedRecord
from privacycenter.database.keyed_rows import of_free_people, of_keys
from privacycenter.database.purging import Key, delete_keys, delete_rows, purge_door, walk
from privacycenter.models import RowKind
from privacycenter.proof.retention_actions import held_by_log, remove_sealed


def old_requests(cutoff: datetime) -> Iterator[list[Key]]:
    """Yield the keys of all requests that expired at the cutoff or before, in batches."""
    yield from walk(ApprovalRequest.objects.filter(requested_at__lte=cutoff, expires_at__lte=cutoff))


@transaction.atomic
def purge_requests(*, keys: Sequence[Key], cutoff: datetime, dry_run: bool = False) -> Removed:
    """Remove those of these requests whose retention is over, with all that followed. A transaction of its own.

    An answer stays while a disclosure remains that it allowed or was judged by, and until three years after it was
    given and after it ended; a withdrawal also while its case is open, and for three years after its last step. MUST
    run after the purge of disclosures.
    """
    requests = of_keys(ApprovalRequest.objects.order_by("person_id", "id"), of_free_people(keys))
    answers = of_keys(Decision.objects.defer("text"), [request.pk for request in requests], "request_id")
    needed = needed_by_disclosures(answers)
    followed = what_followed(requests, answers)
    young = followed.younger_than(cutoff)
    held = {
        (answer.person_id, answer.request_id)
        for answer in answers
        if answer.pk in needed or answer.pk in young or max(answer.decided_at, answer.valid_until) > cutoff
    } | {(row.person_id, row.request_id) for row in followed.cancellations if row.cancelled_at > cutoff}
    held |= followed.held_by_log(requests, answers)
    gone = [request for request in requests if request.pk not in held]
    gone_answers = [answer.pk for answer in answers if (answer.person_id, answer.request_id) not in held]
    counts = followed.only(set(gone_answers), {request.pk for request in gone}).removed(dry_run)
    if gone and not dry_run:
        with purge_door():
            remove_sealed(RowKind.DECISION, Decision, gone_answers)
            delete_keys(CountedApproval, gone_answers)
            remove_sealed(RowKind.REQUEST, ApprovalRequest, [request.pk for request in gone])
        FiledRequest.objects.filter(pk__in=[(request.reporter_id, request.id) for request in gone]).delete()
    return Removed(others=+(counts + Counter(approvalrequest=len(gone), decision=len(gone_answers))))


@dataclass(frozen=True)
class WhatFollowed:
    """The rows that are removed together with requests and decisions."""

    steps: list[WithdrawalStep]
    cases: list[WithdrawalCase]
    cancellations: list[RequestCancellation]

    def younger_than(self, cutoff: datetime) -> set[Key]:
        """Return the keys of withdrawals that are still needed."""
        steps = {(step.person_id, step.withdrawal_id) for step in self.steps if step.taken_at > cutoff}
        cases = {(case.whose_id, case.withdrawal_id) for case in self.cases if is_case_needed(case, cutoff)}
        return steps | cases

    def held_by_log(self, requests: Sequence[ApprovalRequest], answers: Sequence[Decision]) -> set[Key]:
        """Return the keys of requests that stay because the log could not show yet that their time is over."""
        request_of = {answer.pk: (answer.person_id, answer.request_id) for answer in answers}
        steps = held_by_log(RowKind.STEP, [step.pk for step in self.steps])
        cancelled = held_by_log(RowKind.CANCELLATION, [row.pk for row in self.cancellations])
        return (
            held_by_log(RowKind.REQUEST, [request.pk for request in requests])
            | {request_of[key] for key in held_by_log(RowKind.DECISION, list(request_of))}
            | {request_of[step.person_id, step.withdrawal_id] for step in self.steps if step.pk in steps}
            | {(row.person_id, row.request_id) for row in self.cancellations if row.pk in cancelled}
        )

    def only(self, answers: set[Key], requests: set[Key]) -> "WhatFollowed":
        return WhatFollowed(
            [step for step in self.steps if (step.person_id, step.withdrawal_id) in answers],
            [case for case in self.cases if (case.whose_id, case.withdrawal_id) in answers],
            [row for row in self.cancellations if (row.person_id, row.request_id) in requests],
        )

    def removed(self, dry_run: bool) -> Counter[str]:
        """Remove these rows, unless ``dry_run``, and count them."""
        if not dry_run and (self.steps or self.cases or self.cancellations):
            cases = [case.pk for case in self.cases]
            with purge_door():
                delete_rows(WithdrawalClosure.objects.filter(case_id__in=cases).order_by())
                delete_rows(WithdrawalCase.objects.filter(pk__in=cases).order_by())
                remove_sealed(RowKind.STEP, WithdrawalStep, [step.pk for step in self.steps])
                remove_sealed(RowKind.CANCELLATION, RequestCancellation, [row.pk for row in self.cancellations])
        return Counter(
            withdrawalstep=len(self.steps), withdrawalcase=len(self.cases), requestcancellation=len(self.cancellations)
        )


def what_followed(requests: Sequence[ApprovalRequest], answers: Sequence[Decision]) -> WhatFollowed:
    """Return the rows that belong to these requests and answers. Three SQL statements."""
    withdrawals = [answer.pk for answer in answers if answer.is_withdrawal]
    return WhatFollowed(
        of_keys(WithdrawalStep.objects.all(), withdrawals, "withdrawal_id"),
        of_keys(WithdrawalCase.objects.select_related("closure"), withdrawals, "withdrawal_id", "whose_id"),
        of_keys(RequestCancellation.objects.all(), [request.pk for request in requests], "request_id"),
    )


def is_case_needed(case: WithdrawalCase, cutoff: datetime) -> bool:
    """Return whether the case is open or was closed after the cutoff."""
    closure = getattr(case, "closure", None)
    return closure is None or closure.closed_at > cutoff


def needed_by_disclosures(answers: Sequence[Decision]) -> set[Key]:
    """Return the keys of answers that a remaining disclosure or correction may depend on. Three SQL statements, by
    person.

    That is any with the same person, recipient, service and scenario: it may name the answer or was judged by it. It
    may be under another account that ever was one person with that of the answer.
    """
    there: set[tuple[int, ...]] = set()
    together = ever_together({answer.person_id for answer in answers})
    for model in (Disclosure, Correction):
        rows = model._default_manager.filter(
            person_id__in=set().union(*together.values()),
            recipient_id__in={answer.recipient_id for answer in answers},
            scenario_id__in={answer.scenario_id for answer in answers},
        )
        there |= set(rows.values_list("person_id", "recipient_id", "service_id", "scenario_id").distinct())
    return {
        answer.pk
        for answer in answers
        for account in together[answer.person_id]
        if (account, answer.recipient_id, answer.service_id, answer.scenario_id) in there
    }


def old_rules(cutoff: datetime) -> Iterator[list[Key]]:
    """Yield the keys of rule versions replaced at the cutoff or before that no decision names, in batches."""
    newer = StandingRule.objects.filter(
        person_id=OuterRef("person_id"), kind=OuterRef("kind"), code=OuterRef("code"),
        version__gt=OuterRef("version"), made_at__lte=cutoff,
    )  # fmt: skip
    named = Decision.objects.filter(person_id=OuterRef("person_id"), rule_id=OuterRef("id"))
    # A rule of one of several accounts may have answered for another of them.
    together = SharedRecord.objects.filter(person_id=OuterRef("person_id"))
    unneeded = StandingRule.objects.filter(Exists(newer), ~Exists(named), ~Exists(together), made_at__lte=cutoff)
    yield from walk(unneeded)


def purge_ended_counts(*, now: datetime, dry_run: bool = False) -> Removed:
    """Remove the counts of approvals that ended before today: nobody asks for them any more. One SQL statement."""
    ended = ApprovalCount.objects.ended_before(timezone.localdate(now))
    return Removed(others=+Counter(approvalcount=ended.count() if dry_run else delete_rows(ended.order_by())))


@transaction.atomic
def purge_rules(*, keys: Sequence[Key], dry_run: bool = False) -> Removed:
    """Remove these versions of rules, but those whose time the log cannot show yet. A transaction of its own."""
    held = held_by_log(RowKind.RULE, keys)
    gone = [key for key in keys if key not in held]
    if gone and not dry_run:
        with purge_door():
            remove_sealed(RowKind.RULE, StandingRule, gone)
    return Removed(others=+Counter(standingrule=len(gone)), held=len(held))
