"""What stopping would end, what it refuses, and what it cannot stop. Never writes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from consents.asking.rules import rules_in_force, title_of
from consents.checking.named_approvals import NamedApproval, named_approvals
from consents.checking.standing_approvals import approvals_among, decisions_of
from consents.models import Decision, RuleKind, RuleSetting, StandingRule
from consents.stopping.scopes import ABROAD, EVERYTHING, Scope
from disclosures.models import Ground, Recipient
from disclosures.public.titles import Names
from disclosures.record.effective_record import Combination, combinations, corrected_record
from privacycenter.models import User
from privacycenter.text.words import Phrase, Words


@dataclass(frozen=True)
class Unstoppable:
    """Disclosures that need no approval, so that no rule touches them, by what they rest on."""

    ground: Ground
    count: int
    recipient_count: int


@dataclass(frozen=True)
class StopPage:
    """One scope: ``ending`` are the approvals that end now, ``unstoppable`` what goes on all the same.

    ``rule``: the rule that refuses already, None if there is none. ``asks``: rules by which the person is asked all the
    same. ``waiting_count``: the requests that wait for an answer, and stay as they are. ``withdrawals``: made since the
    rule, newest first.
    """

    scope: Scope
    title: Words | Phrase
    ending: list[NamedApproval]
    unstoppable: list[Unstoppable]
    rule: StandingRule | None
    asks: list[Words | Phrase]
    waiting_count: int
    withdrawals: list[tuple[Decision, Words]]

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to stop."""
        return self.rule is not None and not self.ending


@dataclass(frozen=True)
class StopChoice:
    """One thing that can be stopped. ``approval_count``: the approvals that would end."""

    scope: Scope
    title: Words | Phrase
    approval_count: int
    is_stopped: bool

    @property
    def is_wide(self) -> bool:
        return self.scope.kind != RuleKind.RECIPIENT


def is_known_to(person: User, scope: Scope) -> bool:
    """Return whether the person has to do with what the scope names: always, but for a recipient. At most four SQL
    statements.
    """
    if scope.kind != RuleKind.RECIPIENT:
        return True
    recipient = Recipient.objects.filter(code=scope.code).first()
    return recipient is not None and (
        person.decisions.filter(recipient=recipient).exists()
        or person.approval_requests.filter(recipient=recipient).exists()
        or person.disclosures.shown_to(person).filter(recipient=recipient).exists()
    )


def stop_page(person: User, scope: Scope, names: Names) -> StopPage | None:
    """Return what stopping this would do. None for a recipient that the person has nothing to do with.

    At most nine SQL statements, besides those of ``Names``.
    """
    if not is_known_to(person, scope):
        return None
    decisions = scope.of(decisions_of(person))
    rules = rules_in_force(person)
    rule = rule_of(rules, scope)
    found = [one for one in combinations(corrected_record(person)) if is_within(one, scope, names)]
    waiting = person.approval_requests.undecided(person).with_references(person)
    return StopPage(
        scope=scope,
        title=title_of_scope(scope, names),
        ending=named_approvals(approvals_among(decisions, names.document), names),
        unstoppable=unstoppable(found),
        rule=rule,
        asks=[
            title_of(one.kind, one.code, names.document)
            for one in rules
            if one.setting == RuleSetting.ASK and scope.kind != RuleKind.RECIPIENT
        ],
        waiting_count=sum(scope.covers(one.recipient) for one in waiting),
        withdrawals=withdrawals_since(rule, decisions, names),
    )


def title_of_scope(scope: Scope, names: Names) -> Words | Phrase:
    """Return what is stopped: as a rule is called, but for everything, which is not only requests."""
    if scope == EVERYTHING:
        return Phrase(_("Everything that needs your approval"), {})
    return title_of(scope.kind, scope.code, names.document)


def rule_of(rules: Iterable[StandingRule], scope: Scope) -> StandingRule | None:
    """Return the rule that refuses exactly this scope."""
    about = (one for one in rules if (one.kind, one.code) == (scope.kind, scope.code))
    return next((one for one in about if one.setting == RuleSetting.REFUSE), None)


def is_within(one: Combination, scope: Scope, names: Names) -> bool:
    if scope.kind == RuleKind.ABROAD:
        return names.recipient_facts(one.recipient).is_abroad
    return scope.kind == RuleKind.ALL or one.recipient == scope.code


def unstoppable(found: Sequence[Combination]) -> list[Unstoppable]:
    """Return what rests on something else than an approval, the most frequent first."""
    grounds = {one.ground for one in found} - {Ground.APPROVAL.value}
    rows = [
        Unstoppable(
            ground=Ground(ground),
            count=sum(one.count for one in found if one.ground == ground),
            recipient_count=len({one.recipient for one in found if one.ground == ground}),
        )
        for ground in grounds
    ]
    return sorted(rows, key=lambda row: (-row.count, row.ground))


def withdrawals_since(
    rule: StandingRule | None, decisions: Iterable[Decision], names: Names
) -> list[tuple[Decision, Words]]:
    """Return the withdrawals about the scope since the rule began, newest first."""
    if rule is None:
        return []
    made = [one for one in decisions if one.is_withdrawal and one.decided_at >= rule.made_at]
    return [(one, names.recipient(one.recipient.code)) for one in made]


def stop_choices(person: User, names: Names) -> list[StopChoice]:
    """Return what can be stopped: everything, all abroad if anybody abroad can ask, and each recipient known to the
    person, by name. At most five SQL statements, besides those of ``Names``.
    """
    decisions = decisions_of(person)
    rules = rules_in_force(person)
    received = {one.recipient for one in combinations(corrected_record(person))}
    asked = set(person.approval_requests.order_by().values_list("recipient__code", flat=True).distinct())
    recipients = received | asked | {one.recipient.code for one in decisions}
    wide = [EVERYTHING, *([ABROAD] if has_recipients_abroad(recipients, names) else [])]
    narrow = [Scope(RuleKind.RECIPIENT, code) for code in recipients]
    standing = [one.recipient for one in approvals_among(decisions, names.document)]
    by_code = {one.recipient.code: one.recipient for one in decisions}
    choices = [
        StopChoice(
            scope=scope,
            title=title_of_scope(scope, names),
            approval_count=sum(scope.covers(by_code[code]) for code in standing),
            is_stopped=rule_of(rules, scope) is not None,
        )
        for scope in [*wide, *narrow]
    ]
    return choices[: len(wide)] + sorted(choices[len(wide) :], key=lambda one: (-one.approval_count, one.title.text))


def has_recipients_abroad(recipients: Iterable[str], names: Names) -> bool:
    return any(names.recipient_facts(code).is_abroad for code in {*recipients, *names.document.get("recipients", {})})
