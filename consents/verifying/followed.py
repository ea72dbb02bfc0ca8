"""Verification of the rows that refer to requests and decisions, and of all other rows of people."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Model

from consents.models import (
    ActedFor,
    ApprovalRequest,
    Decision,
    Export,
    FiledRequest,
    HeldRepresentation,
    IncidentNotice,
    Mailing,
    Notice,
    NoticeReading,
    Preference,
    Recall,
    RecallCase,
    RecallStep,
    Representation,
    RepresentationEnding,
    RequestCancellation,
    StandingRule,
    WithdrawalCase,
    WithdrawalStep,
)
from consents.models.recalls import CLOSING_RECALLS
from consents.models.withdrawals import CLOSING
from consents.verifying.answers import SEALS
from disclosures.models import (
    AffectedPerson,
    AuthorityPack,
    Countersignature,
    Disclosure,
    HiddenRecipient,
    RecordAccess,
    SharedRecord,
    WithholdingStep,
)
from disclosures.models.ledger.shared_records import accounts_in
from privacycenter.database.verifying import (
    EVERYTHING,
    Fault,
    Progress,
    Window,
    fault_of_seal,
    faults_of,
    found_in,
    is_there,
    kept_since,
    pages,
    pages_written,
)
from privacycenter.identifiers import first_uuid7
from privacycenter.models import Sealed, User


@dataclass(frozen=True)
class Pointer:
    """A column with the id of another row of the same person.

    A row without one refers to none. ``whose``: the column with the person. ``written``: the one with the time; of a
    row without one, the id has it.
    """

    model: type[Model]
    whose: str
    column: str
    targets: Callable[[], Any]
    what: str
    written: str = ""

    def rows(self, window: Window) -> Any:
        found = self.model._default_manager.all()
        if self.written:
            return window.rows(found, self.written)
        after = found.filter(id__gte=first_uuid7(window.since)) if window.since else found
        return after.filter(id__lt=first_uuid7(window.until)) if window.until else after


def withdrawals() -> Any:
    return Decision.objects.filter(withdraws_id__isnull=False)


POINTERS = (
    Pointer(WithdrawalStep, "person_id", "withdrawal_id", withdrawals, "a withdrawal", "taken_at"),
    Pointer(WithdrawalCase, "whose_id", "withdrawal_id", withdrawals, "a withdrawal", "opened_at"),
    Pointer(RecallStep, "person_id", "recall_id", Recall.objects.all, "a recall", "taken_at"),
    Pointer(RecallCase, "whose_id", "recall_id", Recall.objects.all, "a recall", "opened_at"),
    Pointer(Countersignature, "person_id", "recall_id", Recall.objects.all, "a recall", "received_at"),
    Pointer(RequestCancellation, "person_id", "request_id", ApprovalRequest.objects.all, "a request", "cancelled_at"),
    Pointer(FiledRequest, "whose", "id", ApprovalRequest.objects.all, "a request"),
    Pointer(WithholdingStep, "person_id", "disclosure_id", Disclosure.objects.all, "a disclosure", "taken_at"),
    Pointer(NoticeReading, "person_id", "id", Notice.objects.all, "a notice", "read_at"),
    Pointer(ActedFor, "person_id", "representation_id", Representation.objects.all, "a representation", "acted_at"),
    Pointer(
        RepresentationEnding,
        "person_id",
        "representation_id",
        Representation.objects.all,
        "a representation",
        "ended_at",
    ),
)
# Tables whose rows refer to nothing but their person, each with the column of its time.
OF_A_PERSON: dict[type[Model], str] = {
    StandingRule: "made_at", Recall: "asked_at", Notice: "noticed_at", Preference: "chosen_at", Mailing: "sent_at",
    Export: "requested_at", HiddenRecipient: "hidden_at", RecordAccess: "accessed_at", SharedRecord: "made_at",
    AffectedPerson: "listed_at", IncidentNotice: "told_at", AuthorityPack: "made_at", Representation: "made_at",
    HeldRepresentation: "made_at",
}  # fmt: skip


def verify_followed(progress: Progress, window: Window = EVERYTHING) -> Iterator[Fault]:
    """Yield each row whose request, withdrawal or notice is missing, and each closed case without a closing step."""
    sealed_since = kept_since(*SEALS)
    for pointer in POINTERS:
        for page in pages(pointer.rows(window)):
            yield from dangling(page, pointer)
            yield from unsealed(page, pointer.written, sealed_since)
            progress(len(page))
    for page in pages_written(WithdrawalCase.objects.closed(), "closure__closed_at", window):
        closing = WithdrawalStep.objects.filter(person_id__in={case.whose_id for case in page}, kind__in=CLOSING)
        closed = set(closing.values_list("person_id", "withdrawal_id"))
        for case in page:
            if (case.whose_id, case.withdrawal_id) not in closed and is_there(case):
                yield found_in(case, "is closed, but no step says that the data was deleted or is kept")
    for page in pages_written(RecallCase.objects.closed(), "closure__closed_at", window):
        ended = RecallStep.objects.filter(person_id__in={case.whose_id for case in page}, kind__in=CLOSING_RECALLS)
        done = set(ended.values_list("person_id", "case_id"))
        for case in page:
            if (case.whose_id, case.case_id) not in done and is_there(case):
                yield found_in(case, "is closed, but no step says how it ended")


def unsealed(page: list[Any], written: str, sealed_since: datetime) -> Iterator[Fault]:
    """Yield the faults of rows that have a fingerprint, if they are of a table whose rows do. No SQL."""
    for row in page:
        if isinstance(row, Sealed):
            yield from faults_of(row, partial(fault_of_seal, row, getattr(row, written), sealed_since))


def dangling(page: list[Any], pointer: Pointer) -> Iterator[Fault]:
    """Yield the faults of rows that refer to a missing row. One SQL statement."""
    keys = {row.pk: (getattr(row, pointer.whose), getattr(row, pointer.column)) for row in page}
    people, ids = {person for person, _id in keys.values()}, {id for _person, id in keys.values() if id}
    there = set(pointer.targets().filter(person_id__in=people, id__in=ids).values_list("person_id", "id"))
    for row in page:
        if keys[row.pk][1] and keys[row.pk] not in there and is_there(row):
            yield found_in(row, f"is about {pointer.what} that is not there ({keys[row.pk][1]})")


def verify_people(progress: Progress, window: Window = EVERYTHING) -> Iterator[Fault]:
    """Yield each row of a person's tables whose person is missing, or that was changed where that can be told."""
    sealed_since = kept_since(*SEALS)
    for model, written in OF_A_PERSON.items():
        for page in pages_written(model._default_manager.all(), written, window):
            people = {row.person_id for row in page}
            there = set(User.objects.filter(pk__in=people).values_list("pk", flat=True))
            for row in page:
                if row.person_id not in there:
                    yield found_in(row, f"points to a person that is not there ({row.person_id})")
            yield from unsealed(page, written, sealed_since)
            if model is SharedRecord:
                yield from unfollowed(page)
            progress(len(page))


def unfollowed(page: Sequence[SharedRecord]) -> Iterator[Fault]:
    """Yield the newest row of each account that the account itself does not follow. Two SQL statements."""
    people = {row.person_id for row in page}
    accounts = User.objects.in_bulk(people)
    newest: dict[int, SharedRecord] = {}
    for row in SharedRecord.objects.filter(person_id__in=people).newest_first():
        newest.setdefault(row.person_id, row)
    for row in page:
        account = accounts.get(row.person_id)
        if account is None or newest[row.person_id].pk != row.pk:
            continue
        keys = [key for key, _since in accounts_in(row.accounts)] or [account.pk]
        into = None if keys[0] == account.pk else keys[0]
        if (sorted(account.keys), account.merged_into_id) != (sorted(keys), into):
            yield found_in(row, "says of which accounts the person has others than the account itself")
