"""Verification of requests and decisions: are they as they were written?"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from consents.models import ApprovalRequest, Decision, StandingRule
from disclosures.ledger.shared_records import ever_together
from disclosures.verifying.ledger import References, subjects_of
from privacycenter.canonical import sha256_of
from privacycenter.database.verifying import (
    EVERYTHING,
    Fault,
    Progress,
    Window,
    fault_of_seal,
    faults_of,
    kept_since,
    pages_written,
)

# The migration that added fingerprints over whole rows.
SEALS = ("consents", "0006_seals")


def verify_requests(progress: Progress, window: Window = EVERYTHING) -> Iterator[Fault]:
    references, sealed_since = References(), kept_since(*SEALS)
    for page in pages_written(ApprovalRequest.objects.all(), "requested_at", window):
        subjects = subjects_of(page)
        for row in page:
            yield from faults_of(
                row,
                partial(fault_of_references, row, subjects, references),
                partial(fault_of_seal, row, row.requested_at, sealed_since),
            )
        progress(len(page))


def verify_decisions(progress: Progress, window: Window = EVERYTHING) -> Iterator[Fault]:
    """Yield each decision whose text or row does not have its hash, or whose references are wrong.

    A withdrawal, undoing or change must name an earlier answer to the same request about the same subject, and a rule
    that answered must exist in that version.
    """
    references, sealed_since = References(), kept_since(*SEALS)
    for page in pages_written(Decision.objects.all(), "decided_at", window):
        people = {row.person_id for row in page}
        wanted = {id for row in page if (id := named_by(row)[1])}
        earlier = {row.pk: row for row in Decision.objects.filter(person_id__in=people, id__in=wanted).defer("text")}
        rules = rules_named(page)
        subjects = subjects_of(page)
        for row in page:
            yield from faults_of(
                row,
                partial(fault_of_references, row, subjects, references),
                partial(fault_of_text, row),
                partial(fault_of_naming, row, earlier),
                partial(fault_of_rule, row, rules),
                partial(fault_of_seal, row, row.decided_at, sealed_since),
            )
        progress(len(page))


def fault_of_references(row: ApprovalRequest | Decision, subjects: dict[int, str], references: References) -> str:
    if row.person_id not in subjects:
        return f"points to a person that is not there ({row.person_id})"
    if missing := references.missing_of(row):
        return f"{missing} points to nothing ({getattr(row, missing)})"
    return ""


def fault_of_text(row: Decision) -> str:
    if sha256_of(row.text) != row.text_sha256:
        return "the hash is not that of the text that was shown: it was changed"
    return ""


def rules_named(page: Sequence[Decision]) -> set[tuple[int, UUID]]:
    """Return the account of each answer by a rule with the id of the rule, if there is that rule of the person.

    It may be under another account that was one person with that one. Two SQL statements, none without such answers.
    """
    named = {(row.person_id, row.rule_id) for row in page if row.rule_id}
    if not named:
        return set()
    together = ever_together({account for account, _id in named})
    accounts = set().union(*together.values())
    found = StandingRule.objects.filter(person_id__in=accounts, id__in={id for _account, id in named})
    there = set(found.values_list("person_id", "id"))
    return {(account, id) for account, id in named if any((other, id) in there for other in together[account])}


def fault_of_rule(row: Decision, rules: set[tuple[Any, ...]]) -> str:
    if row.rule_id and (row.person_id, row.rule_id) not in rules:
        return f"names a standing rule that is not there ({row.rule_id})"
    return ""


def named_by(row: Decision) -> tuple[str, UUID | None]:
    """Return what a decision does to the earlier one that it names, and which that is; None if it names none."""
    if row.is_withdrawal:
        return "withdraws", row.withdraws_id
    return ("undoes", row.undoes_id) if row.is_undoing else ("changes", row.changes_id)


def fault_of_naming(row: Decision, known: dict[tuple[Any, ...], Decision]) -> str:
    """Return the fault of a decision that names an earlier one, else an empty string. ``known``: by key."""
    verb, id = named_by(row)
    if id is None:
        return ""
    earlier = known.get((row.person_id, id))
    if earlier is None:
        return f"{verb} a decision that is not there ({id})"
    if not earlier.is_answer:
        return f"{verb} what is no answer ({id})"
    if earlier.decided_at >= row.decided_at:
        return f"{verb} a decision that is not earlier ({id})"
    about = ("recipient_id", "service_id", "scenario_id", "request_id")
    if any(getattr(row, name) != getattr(earlier, name) for name in about):
        return f"{verb} a decision about something else"
    return ""
