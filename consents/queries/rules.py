"""A person's standing rules, and what they say about a request."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from consents.models import ApprovalRequest, RuleKind, RuleSetting, StandingRule
from disclosures.models import Recipient, Scenario
from privacycenter.models import User

# Of several rules that refuse a request the decision names the one that comes first here.
MOST_TELLING_FIRST = (RuleKind.RECIPIENT, RuleKind.COUNTRY, RuleKind.ABROAD, RuleKind.SCENARIO, RuleKind.ALL)


@dataclass(frozen=True)
class Subject:
    """What a request is about, in the codes that rules know."""

    recipient: str
    country: str
    is_abroad: bool
    scenario: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """``refuses``: the rule that refuses the whole request. ``items``: code → the rule that refuses this one.

    ``asks``: the exception that has the person asked all the same; then nothing is refused.
    """

    refuses: StandingRule | None
    items: dict[str, StandingRule]
    asks: StandingRule | None = None


def rules_in_force(person: User) -> list[StandingRule]:
    """The newest version of each rule that is not ended, newest first. One SQL statement."""
    return in_force(person.standing_rules.newest_first())


def in_force(versions: Iterable[StandingRule]) -> list[StandingRule]:
    newest: dict[tuple[str, str], StandingRule] = {}
    for rule in versions:
        known = newest.get((rule.kind, rule.code))
        if known is None or known.version < rule.version:
            newest[(rule.kind, rule.code)] = rule
    return [rule for rule in newest.values() if rule.setting != RuleSetting.OFF]


def subject_of(request: ApprovalRequest) -> Subject:
    """Of a request fetched with its references: no SQL."""
    return subject(request.recipient, request.scenario, request.item_set.codes)


def subject(recipient: Recipient, scenario: Scenario, codes: Sequence[str]) -> Subject:
    country = recipient.country
    return Subject(recipient.code, country.code, country.is_abroad, scenario.code, tuple(codes))


def verdict(rules: Iterable[StandingRule], about: Subject) -> Verdict:
    """What these rules say about a request. Pure: no SQL.

    An exception for the recipient comes before everything. A rule about an item refuses that item; only if no item is
    left over does it refuse the request. Rules never allow anything.
    """
    rules = list(rules)
    asks = next((rule for rule in rules if rule.setting == RuleSetting.ASK and is_about(rule, about)), None)
    if asks:
        return Verdict(None, {}, asks)
    refusing = [rule for rule in rules if rule.setting == RuleSetting.REFUSE and is_about(rule, about)]
    items = {rule.code: rule for rule in refusing if rule.kind == RuleKind.ITEM}
    whole = [rule for kind in MOST_TELLING_FIRST for rule in refusing if rule.kind == kind]
    if not whole and items and set(items) >= set(about.items):
        whole = [items[about.items[0]]]
    return Verdict(whole[0] if whole else None, items)


def is_about(rule: StandingRule, about: Subject) -> bool:
    match rule.kind:
        case RuleKind.ALL:
            return True
        case RuleKind.ABROAD:
            return about.is_abroad
        case RuleKind.COUNTRY:
            return rule.code == about.country
        case RuleKind.SCENARIO:
            return rule.code == about.scenario
        case RuleKind.RECIPIENT:
            return rule.code == about.recipient
        case RuleKind.ITEM:
            return rule.code in about.items
    return False
