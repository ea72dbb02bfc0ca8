"""What putting two accounts together would show together, and what of the one would be used no more."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import Model

from consents.checking.permissions import decisions_about
from consents.models import (
    ApprovalRequest,
    Decision,
    Notice,
    QuestionCount,
    Recall,
    RecallStep,
    StandingRule,
    WithdrawalStep,
)
from disclosures.ledger.permissions import ItemState, StandingQuestion
from disclosures.models import Correction, Countersignature, Disclosure, HiddenRecipient, Inquiry, RecordAccess
from privacycenter.models import User

# What the pages of a person show of all their accounts.
TOGETHER: tuple[type[Model], ...] = (
    Disclosure, Correction, ApprovalRequest, Decision, WithdrawalStep, Recall, RecallStep, Countersignature,
    StandingRule, Notice, RecordAccess, HiddenRecipient, QuestionCount,
)  # fmt: skip
LOG_INS: tuple[type[Model], ...] = (EmailAddress, SocialAccount, Authenticator)
NO = (ItemState.REFUSED, ItemState.WITHDRAWN)


@dataclass(frozen=True)
class MergeReport:
    """``together``: kind → how many there are under the account and under the one that it is put into. ``unused``: kind
    → how many ways to log in to the account are used no more. ``contradictions``: recipients, services and scenarios
    about which one account says no to an item to which the other says yes; the no counts.
    """

    account: str
    into: str
    together: Mapping[str, tuple[int, int]]
    unused: Mapping[str, int] = field(default_factory=dict)
    contradictions: int = 0


def merge_report(account: User, into: User) -> MergeReport:
    """Return what putting this account into that one would do. ``into`` may have others already."""
    counts = {name_of(model): (count_of(model, [account.pk]), count_of(model, into.keys)) for model in TOGETHER}
    counts["inquiry"] = Inquiry.objects.of_person(account).count(), Inquiry.objects.of_person(into).count()
    unused = {name_of(model): model._default_manager.filter(user=account).count() for model in LOG_INS}
    return MergeReport(
        account=account.subject,
        into=into.subject,
        together={kind: both for kind, both in counts.items() if any(both)},
        unused={kind: count for kind, count in unused.items() if count},
        contradictions=contradictions(account, into),
    )


def separation_report(account: User, into: User) -> MergeReport:
    """Return what taking this account out of that one would show apart again."""
    others = [key for key in into.keys if key != account.pk]
    counts = {name_of(model): (count_of(model, [account.pk]), count_of(model, others)) for model in TOGETHER}
    return MergeReport(account.subject, into.subject, {kind: both for kind, both in counts.items() if any(both)})


def contradictions(account: User, into: User) -> int:
    """Count what one of them decided otherwise than the other. Three SQL statements at most."""
    matters = Decision.objects.filter(person=account).order_by()
    about = set(matters.values_list("recipient_id", "service_id", "scenario_id").distinct())
    questions = [[StandingQuestion(one.pk, *matter) for one in (account, into)] for matter in sorted(about)]
    decided = decisions_about([question for both in questions for question in both])
    return sum(
        any(is_contradiction({mine.get(code), theirs.get(code)}) for code in mine.keys() & theirs.keys())
        for one, other in questions
        for mine, theirs in [(decided.standing(one).states, decided.standing(other).states)]
    )


def is_contradiction(states: set[ItemState | None]) -> bool:
    return ItemState.ALLOWED in states and any(state in NO for state in states)


def count_of(model: type[Model], keys: Iterable[int]) -> int:
    return model._default_manager.filter(person_id__in=list(keys)).count()


def name_of(model: type[Model]) -> str:
    return str(model._meta.model_name)
