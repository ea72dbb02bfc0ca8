"""Verification of the rows that refer to requests and decisions, and of all other rows of people."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from consents.models import (
    ApprovalRequest,
    Decision,
    Export,
    FiledRequest,
    Mailing,
    Notice,
    NoticeReading,
    Preference,
    RequestCancellation,
    StandingRule,
    WithdrawalCase,
    WithdrawalStep,
)
from consents.models.withdrawals import CLOSING
from disclosures.models import HiddenRecipient, RecordAccess
from privacycenter.database.verifying import Fault, Progress, is_there, name_of, pages
from privacycenter.models import User


@dataclass(frozen=True)
class Pointer:
    """A column with the id of another row of the same person. ``whose``: the column with the person."""

    model: type[Model]
    whose: str
    column: str
    targets: Callable[[], Any]
    what: str


def withdrawals() -> Any:
    return Decision.objects.filter(withdraws_id__isnull=False)


POINTERS = (
    Pointer(WithdrawalStep, "person_id", "withdrawal_id", withdrawals, "a withdrawal"),
    Pointer(WithdrawalCase, "whose_id", "withdrawal_id", withdrawals, "a withdrawal"),
    Pointer(RequestCancellation, "person_id", "request_id", ApprovalRequest.objects.all, "a request"),
    Pointer(FiledRequest, "whose", "id", ApprovalRequest.objects.all, "a request"),
    Pointer(NoticeReading, "person_id", "id", Notice.objects.all, "a notice"),
)
# Tables whose rows refer to nothing but their person.
OF_A_PERSON: tuple[type[Model], ...] = (
    StandingRule, Notice, Preference, Mailing, Export, HiddenRecipient, RecordAccess,
)  # fmt: skip


def verify_followed(progress: Progress) -> Iterator[Fault]:
    """Yield each row whose request, withdrawal or notice is missing, and each closed case without a closing step."""
    for pointer in POINTERS:
        for page in pages(pointer.model._default_manager.all()):
            yield from dangling(page, pointer)
            progress(len(page))
    for page in pages(WithdrawalCase.objects.closed()):
        closing = WithdrawalStep.objects.filter(person_id__in={case.whose_id for case in page}, kind__in=CLOSING)
        closed = set(closing.values_list("person_id", "withdrawal_id"))
        for case in page:
            if (case.whose_id, case.withdrawal_id) not in closed and is_there(case):
                yield Fault(name_of(case), "is closed, but no step says that the data was deleted or is kept")


def dangling(page: list[Any], pointer: Pointer) -> Iterator[Fault]:
    """Yield the faults of rows that refer to a missing row. One SQL statement."""
    keys = {row.pk: (getattr(row, pointer.whose), getattr(row, pointer.column)) for row in page}
    people, ids = {person for person, _id in keys.values()}, {id for _person, id in keys.values()}
    there = set(pointer.targets().filter(person_id__in=people, id__in=ids).values_list("person_id", "id"))
    for row in page:
        if keys[row.pk] not in there and is_there(row):
            yield Fault(name_of(row), f"is about {pointer.what} that is not there ({keys[row.pk][1]})")


def verify_people(progress: Progress) -> Iterator[Fault]:
    """Yield each row of a person's tables whose person is missing."""
    for model in OF_A_PERSON:
        for page in pages(model._default_manager.all()):
            people = {row.person_id for row in page}
            there = set(User.objects.filter(pk__in=people).values_list("pk", flat=True))
            for row in page:
                if row.person_id not in there:
                    yield Fault(name_of(row), f"points to a person that is not there ({row.person_id})")
            progress(len(page))
