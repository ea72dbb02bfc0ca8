"""Verification of requests and decisions: are they as they were written?"""

from collections.abc import Iterator
from typing import Any

from consents.models import ApprovalRequest, Decision, StandingRule
from disclosures.ledger.verifying import References, subjects_of
from privacycenter.canonical import sha256_of
from privacycenter.database.verifying import Fault, Progress, name_of, pages


def verify_requests(progress: Progress) -> Iterator[Fault]:
    references = References()
    for page in pages(ApprovalRequest.objects.all()):
        subjects = subjects_of(page)
        for row in page:
            if row.person_id not in subjects:
                yield Fault(name_of(row), f"points to a person that is not there ({row.person_id})")
            elif missing := references.missing_of(row):
                yield Fault(name_of(row), f"{missing} points to nothing ({getattr(row, missing)})")
        progress(len(page))


def verify_decisions(progress: Progress) -> Iterator[Fault]:
    """Yield each decision whose text does not have its hash, or whose references are wrong.

    A withdrawal or undoing must name an answer to the same request about the same subject, and a rule that answered
    must exist in that version.
    """
    references = References()
    for page in pages(Decision.objects.all()):
        people = {row.person_id for row in page}
        wanted = {id for row in page if (id := row.withdraws_id or row.undoes_id)}
        ended = {row.pk: row for row in Decision.objects.filter(person_id__in=people, id__in=wanted).defer("text")}
        named = {row.rule_id for row in page if row.rule_id}
        rules = set(StandingRule.objects.filter(person_id__in=people, id__in=named).values_list("person_id", "id"))
        subjects = subjects_of(page)
        for row in page:
            what = fault_of(row, subjects, references) or fault_of_ending(row, ended)
            if not what and row.rule_id and (row.person_id, row.rule_id) not in rules:
                what = f"names a standing rule that is not there ({row.rule_id})"
            if what:
                yield Fault(name_of(row), what)
        progress(len(page))


def fault_of(row: Decision, subjects: dict[int, str], references: References) -> str:
    if row.person_id not in subjects:
        return f"points to a person that is not there ({row.person_id})"
    if missing := references.missing_of(row):
        return f"{missing} points to nothing ({getattr(row, missing)})"
    if sha256_of(row.text) != row.text_sha256:
        return "the hash is not that of the text that was shown: it was changed"
    return ""


def fault_of_ending(row: Decision, ended: dict[tuple[Any, ...], Decision]) -> str:
    """Return the fault of a withdrawal or undoing, else an empty string. ``ended``: the decisions ended, by key."""
    if row.is_answer:
        return ""
    verb, id = ("withdraws", row.withdraws_id) if row.is_withdrawal else ("undoes", row.undoes_id)
    earlier = ended.get((row.person_id, id))
    if earlier is None:
        return f"{verb} a decision that is not there ({id})"
    if not earlier.is_answer:
        return f"{verb} what is no answer ({id})"
    about = ("recipient_id", "service_id", "scenario_id", "request_id")
    if any(getattr(row, name) != getattr(earlier, name) for name in about):
        return f"{verb} a decision about something else"
    return ""
