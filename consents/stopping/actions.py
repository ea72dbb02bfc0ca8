"""Stopping in one step: what is allowed ends, and requests are refused from now on."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from consents.asking.decision_actions import withdraw_decision
from consents.asking.rule_actions import set_rule
from consents.checking.standing_approvals import approvals_among, decisions_of
from consents.models import Decision, RuleSetting, StandingRule, in_effect
from consents.stopping.queries import is_known_to
from consents.stopping.scopes import KINDS, Scope
from disclosures.content.publications import newest_document
from privacycenter.errors import InvalidValue, NoLongerOpen
from privacycenter.models import User


@dataclass(frozen=True)
class Stopped:
    """``rule``: the version of the rule in force; ``withdrawals``: those made now, none if nothing was allowed."""

    rule: StandingRule
    withdrawals: list[Decision]


@transaction.atomic
def stop_provision(*, scope: Scope, language: str, by: User) -> Stopped:
    """End every approval that stands within the scope, and refuse requests within it from now on.

    From the commit on, every check that needs an approval says no. Each approval that ends has a withdrawal with its
    receipt and, if something was reported, its case. Repeated, it writes only what is missing. Raises InvalidValue for
    a recipient with which this person has nothing to do.
    """
    if scope.kind not in KINDS or not is_known_to(by, scope):
        raise InvalidValue("There is no such recipient in this record.", "what")
    by = User.objects.lock(by.pk)
    rule = set_rule(kind=scope.kind, code=scope.code, setting=RuleSetting.REFUSE, by=by)
    return Stopped(rule, end_approvals(scope, language, by))


def end_approvals(scope: Scope, language: str, by: User) -> list[Decision]:
    """Withdraw each answer by which something stands; one that an earlier withdrawal has ended already is left out."""
    decisions = decisions_of(by)
    standing = approvals_among(scope.of(decisions), newest_document())
    changed_by = {one.changes_id: one.id for one in in_effect(decisions) if one.changes_id}
    ending = dict.fromkeys(last_of(id, changed_by) for approval in standing for id in approval.decisions)
    made = []
    for id in ending:
        try:
            made.append(withdraw_decision(decision_id=id, language=language, by=by))
        except NoLongerOpen:
            continue  # the withdrawal of another answer ended the same items
    return made


def last_of(id: UUID, changed_by: dict[UUID, UUID]) -> UUID:
    """Return the answer to withdraw for this one: the last that changed it."""
    while id in changed_by:
        id = changed_by[id]
    return id


@transaction.atomic
def undo_stopping(*, scope: Scope, by: User) -> StandingRule:
    """Put the rule back to what it was before: requests come again. Approvals that ended stay ended.

    Nobody allows anything by undoing: a service that still needs an approval asks again. Raises NoLongerOpen if no rule
    of this scope refuses now.
    """
    by = User.objects.lock(by.pk)
    versions = list(by.standing_rules.about(scope.kind, scope.code).order_by("-made_at", "-version")[:2])
    if not versions or versions[0].setting != RuleSetting.REFUSE:
        raise NoLongerOpen("This is not stopped.")
    before = RuleSetting(versions[1].setting) if len(versions) > 1 else RuleSetting.OFF
    return set_rule(kind=scope.kind, code=scope.code, setting=before, by=by)
