"""Erasing a person: after the time for which the law demands the record, or of an account without one.

The append-only triggers stay in force. What the law demands goes through the purge's door, so the database itself
refuses a row that is too young; what it does not demand goes through a door for this one person.
"""

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import Max, Model, Q
from django.utils import timezone

from consents.asking.retention import purge_requests
from consents.feed.retention import purge_feed
from consents.models import (
    ActedFor,
    ApprovalRequest,
    CountedApproval,
    Decision,
    Export,
    FeedEntry,
    HeldRepresentation,
    IncidentNotice,
    Mailing,
    Notice,
    NoticeReading,
    Preference,
    QuestionCount,
    Recall,
    RecallCase,
    RecallStep,
    Representation,
    RepresentationEnding,
    RequestCancellation,
    StandingRule,
    WebhookDelivery,
    WithdrawalCase,
    WithdrawalStep,
)
from consents.recalls.retention import purge_recalls
from consents.webhooks.retention import purge_deliveries
from disclosures.accounts.actions import end_sessions_of
from disclosures.inquiries.retention import purge_inquiries
from disclosures.ledger.erased import digest_of_subject, digests_of_row
from disclosures.ledger.retention import Removed, purge_accesses, purge_disclosures, purge_rejected
from disclosures.models import (
    AccountStep,
    AffectedPerson,
    AuthorityPack,
    CaseEvent,
    CaseKind,
    Conflict,
    Correction,
    Countersignature,
    Disclosure,
    ErasedEvent,
    Erasure,
    HiddenRecipient,
    Inquiry,
    RecordAccess,
    RejectedReport,
    SharedRecord,
    WithholdingStep,
)
from disclosures.record.actions import role_of
from privacycenter.accounts.subjects import ERASED_PREFIX
from privacycenter.database.purging import YEARS_KEPT, database_now, delete_rows, end_of_time, erasing_door, walk
from privacycenter.errors import InvalidValue, RecordDemanded
from privacycenter.models import User
from privacycenter.proof.retention_actions import forget_people

# What the law demands for three years, and what proves that it was allowed.
DEMANDED: tuple[type[Model], ...] = (
    Disclosure, Conflict, Correction, WithholdingStep, ApprovalRequest, RequestCancellation, Decision, WithdrawalStep,
    Recall, RecallStep, Countersignature,
)  # fmt: skip
# What it does not demand. Its triggers let one person's rows go.
ERASABLE: tuple[type[Model], ...] = (
    StandingRule, NoticeReading, Notice, Preference, Mailing, SharedRecord, AffectedPerson, IncidentNotice,
    AuthorityPack, Representation, RepresentationEnding, HeldRepresentation, ActedFor,
)  # fmt: skip
EDITABLE: tuple[type[Model], ...] = (HiddenRecipient, CountedApproval, QuestionCount, Export)
LOG_INS: tuple[type[Model], ...] = (EmailAddress, SocialAccount, Authenticator)


@dataclass(frozen=True)
class ErasureReport:
    """What went and what stays, kind → how many. ``files``: names of export files that are left to be deleted."""

    gone: dict[str, int]
    stays: dict[str, int]
    files: tuple[str, ...] = ()


def erase_now(person: User, reason: str, by: User | None) -> ErasureReport:
    """Erase the record and the account, and keep keyed hashes of the ids of what was reported.

    The person's row stays as an empty shell without a name, so that what may still name it (who looked, for three
    years) leads nowhere. MUST hold the person's lock, in a transaction. Raises RecordDemanded while the law demands the
    record, InvalidValue for an account of staff or one of several accounts.
    """
    if person.is_staff or person.is_superuser:
        raise InvalidValue("An account of staff is blocked, not erased.")
    if len(person.keys) > 1:
        raise InvalidValue("It is one of several accounts of a person. Take them apart first.")
    now = database_now()
    cutoff = end_of_time(now)
    digests = {digests_of_row(person.subject, id)[0] for id in reported_ids(person)}
    with erasing_door(person.pk):
        # First: what the log cannot show yet would stay otherwise, and nobody will ask it to show this record.
        forget_people([person.pk])
    removed = purge_what_is_old(person, cutoff, now)
    refuse_what_is_demanded(person)
    gone = Counter(disclosure=removed.disclosures.total()) + removed.others
    files = tuple(name for name in person.exports.values_list("file_name", flat=True) if name)
    with erasing_door(person.pk):
        gone.update({name_of(model): delete_rows(rows_of(model, person)) for model in ERASABLE})
    gone.update({name_of(model): delete_rows(rows_of(model, person)) for model in EDITABLE})
    gone.update({name_of(model): model._default_manager.filter(user=person).delete()[0] for model in LOG_INS})
    stays = what_stays(person)
    ErasedEvent.objects.bulk_create([ErasedEvent(digest=one) for one in sorted(digests)], ignore_conflicts=True)
    report = ErasureReport(dict(+gone), dict(+stays), files)
    keep_erasure(person, report, reason, by)
    empty_account(person)
    return report


def reported_ids(person: User) -> Iterable[uuid.UUID]:
    """Yield the ids of the person's disclosures and corrections: what a report may repeat. Two SQL statements."""
    for model in (Disclosure, Correction):
        yield from model._default_manager.filter(person=person).values_list("id", flat=True)


def purge_what_is_old(person: User, cutoff: datetime, now: datetime) -> Removed:
    """Remove what the purge would remove of this person, by the purge's own code. What it holds stays."""
    removed = Removed()
    for keys in walk(Disclosure.objects.filter(person=person)):
        removed.add(purge_disclosures(keys=keys, cutoff=cutoff))
    rejected = CaseEvent.objects.filter(whose=person, case__kind=CaseKind.REJECTED)
    rejected_ids = list(rejected.values_list("conflict_id", flat=True))
    removed.add(purge_rejected(ids=rejected_ids, cutoff=cutoff))
    asked = ApprovalRequest.objects.filter(person=person, requested_at__lte=cutoff, expires_at__lte=cutoff)
    for keys in walk(asked):
        removed.add(purge_requests(keys=keys, cutoff=cutoff))
    for keys in walk(Recall.objects.filter(person=person, asked_at__lte=cutoff)):
        removed.add(purge_recalls(keys=keys, cutoff=cutoff))
    for keys in walk(RecordAccess.objects.filter(person=person, accessed_at__lte=cutoff)):
        removed.add(purge_accesses(keys=keys))
    sent = inquiries_about(person).values_list("pk", flat=True)
    removed.add(purge_inquiries(ids=list(sent), cutoff=cutoff))
    told = WebhookDelivery.objects.filter(whose=person.pk).values_list("pk", flat=True)
    removed.add(purge_deliveries(ids=list(told), now=now))
    fed = FeedEntry.objects.filter(event__subject=person.subject).values_list("pk", flat=True)
    removed.add(purge_feed(ids=list(fed), now=now))
    return removed


def inquiries_about(person: User) -> Any:
    """Select what they wrote while logged in, and what was connected with their record since."""
    return Inquiry.objects.filter(Q(asked_by=person) | Q(standing__whose=person))


def refuse_what_is_demanded(person: User) -> None:
    held = Counter({name_of(model): rows_of(model, person).count() for model in DEMANDED})
    held["case"] = CaseEvent.objects.filter(whose=person).count()
    held["recallcase"] = RecallCase.objects.filter(whose=person).count()
    held["withdrawalcase"] = WithdrawalCase.objects.filter(whose=person).count()
    if held := +held:
        until = demanded_until(person)
        raise RecordDemanded(dict(held), until if until and until > timezone.now() else None)


def demanded_until(person: User) -> datetime | None:
    """Return when three years after the last disclosure, decision and recall are over. None if there is none."""
    times = [
        *person.disclosures.aggregate(Max("recorded_at"), Max("occurred_at")).values(),
        *person.decisions.aggregate(Max("decided_at"), Max("valid_until")).values(),
        *person.recalls.aggregate(Max("asked_at")).values(),
        *person.recall_steps.aggregate(Max("taken_at")).values(),
        *person.countersignatures.aggregate(Max("received_at")).values(),
    ]
    last: datetime | None = max((one for one in times if one), default=None)
    if last is None:
        return None
    try:
        return last.replace(year=last.year + YEARS_KEPT)
    except ValueError:  # 29 February
        return last.replace(year=last.year + YEARS_KEPT, day=28) + timedelta(days=1)


def what_stays(person: User) -> Counter[str]:
    """Count what stays for its own time: who looked and what the desk did, letters, and what services were told."""
    return Counter(
        recordaccess=person.record_accesses.count(),
        accountstep=AccountStep.objects.filter(person=person).count(),
        inquiry=inquiries_about(person).count(),
        rejectedreport=RejectedReport.objects.filter(event__subject=person.subject).count(),
        webhookdelivery=WebhookDelivery.objects.filter(whose=person.pk).count(),
        feedentry=FeedEntry.objects.filter(event__subject=person.subject).count(),
    )


def keep_erasure(person: User, report: ErasureReport, reason: str, by: User | None) -> None:
    Erasure.objects.create(
        subject_digest=digest_of_subject(person.subject),
        report={"gone": report.gone, "stays": report.stays}, reason=reason.strip(),
        staff_id=by.pk if by else 0, role=role_of(by) if by else "command", erased_at=timezone.now(),
    )  # fmt: skip


def empty_account(person: User) -> None:
    """Take everything from the person's row that says who it was, and log it out. Its subject is free again."""
    end_sessions_of(person)
    person.subject, person.username = f"{ERASED_PREFIX}{uuid.uuid4()}", None
    person.display_name = person.email = person.first_name = person.last_name = ""
    person.is_active, person.last_login, person.visited_at = False, None, None
    person.set_unusable_password()
    person.save()


def rows_of(model: type[Model], person: User) -> Any:
    return model._default_manager.filter(person=person).order_by()


def name_of(model: type[Model]) -> str:
    return str(model._meta.model_name)
