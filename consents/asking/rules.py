"""A person's standing rules, and what they say about a request. Never writes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from consents.checking.named_approvals import NamedApproval, named_approvals
from consents.checking.standing_approvals import Approval, approvals
from consents.models import ApprovalRequest, Decision, RuleKind, RuleSetting, StandingRule, in_effect
from disclosures.content.publications import Document
from disclosures.ledger.shared_records import together_since
from disclosures.models import Ground, Recipient, Scenario
from disclosures.models.content.recipients import HOME_COUNTRY, UNDECIDED_COUNTRY
from disclosures.public.as_published import as_published
from disclosures.public.titles import Names
from privacycenter.models import User
from privacycenter.text.words import Phrase, Words, inside_quotes, words_in

MOST_PREVIEWED = 200

# If several rules refuse a request, the decision names the first in this order.
MOST_TELLING_FIRST = (RuleKind.RECIPIENT, RuleKind.COUNTRY, RuleKind.ABROAD, RuleKind.SCENARIO, RuleKind.ALL)


@dataclass(frozen=True)
class Subject:
    """What a request is about, in the codes that rules use."""

    recipient: str
    country: str
    is_abroad: bool
    scenario: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class RuleVerdict:
    """What a person's rules say about one request.

    ``refuses``: the rule that refuses the whole request. ``items``: code → the rule that refuses this item. ``asks``:
    the exception by which the person is asked all the same; nothing is then refused.
    """

    refuses: StandingRule | None
    items: dict[str, StandingRule]
    asks: StandingRule | None = None


def rules_in_force(person: User) -> list[StandingRule]:
    """Return the newest version of each rule that has not ended, newest first.

    One SQL statement, and one more for a person with several accounts.
    """
    return in_force(person.standing_rules.newest_first(), together_since(person))


def in_force(versions: Iterable[StandingRule], since: datetime | None) -> list[StandingRule]:
    return [rule for rule in newest_versions(versions, since) if rule.setting != RuleSetting.OFF]


# Of rules that two accounts had before they became one.
STRICTEST_FIRST = (RuleSetting.REFUSE, RuleSetting.OFF, RuleSetting.ASK)


def newest_versions(versions: Iterable[StandingRule], since: datetime | None) -> list[StandingRule]:
    """Return the version of each rule that counts, in the order of ``versions``.

    ``since``: since when the person's accounts are one, None for one account. From then on the newest version counts,
    whichever account it is under; of what was set under each of them before, the strictest.
    """
    by_rule: dict[tuple[str, str], dict[int, StandingRule]] = {}
    for rule in versions:
        newest = by_rule.setdefault((rule.kind, rule.code), {})
        if rule.person_id not in newest or newest[rule.person_id].version < rule.version:
            newest[rule.person_id] = rule
    return [one_of(list(newest.values()), since) for newest in by_rule.values()]


def one_of(rules: list[StandingRule], since: datetime | None) -> StandingRule:
    """Return the one that counts among the newest versions of a rule under each account."""
    newest = max(rules, key=lambda rule: rule.made_at)
    if since is None or newest.made_at > since:
        return newest
    return min(rules, key=lambda rule: STRICTEST_FIRST.index(RuleSetting(rule.setting)))


def subject_of(request: ApprovalRequest) -> Subject:
    """Return the subject of a request fetched ``with_references``. No SQL."""
    return subject(request.recipient, request.scenario, request.item_set.codes)


def subject(recipient: Recipient, scenario: Scenario, codes: Sequence[str]) -> Subject:
    country = recipient.country
    return Subject(recipient.code, country.code, country.is_abroad, scenario.code, tuple(codes))


def verdict(rules: Iterable[StandingRule], about: Subject) -> RuleVerdict:
    """Return what these rules say about a request. Pure: no SQL.

    An exception for the recipient takes precedence. A rule about an item refuses that item, and refuses the request
    only if no item remains. Rules never allow anything.
    """
    rules = list(rules)
    asks = next((rule for rule in rules if rule.setting == RuleSetting.ASK and is_about(rule, about)), None)
    if asks:
        return RuleVerdict(None, {}, asks)
    refusing = [rule for rule in rules if rule.setting == RuleSetting.REFUSE and is_about(rule, about)]
    items = {rule.code: rule for rule in refusing if rule.kind == RuleKind.ITEM}
    whole = [rule for kind in MOST_TELLING_FIRST for rule in refusing if rule.kind == kind]
    if not whole and items and set(items) >= set(about.items):
        whole = [items[about.items[0]]]
    return RuleVerdict(whole[0] if whole else None, items)


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


# --- For people to read ----------------------------------------------------------------------------------------------


def title_of(kind: str, code: str, document: Document | None) -> Words | Phrase:
    """Return what a rule is about; the bare code if it is no longer published."""
    names, published = Names(document), document or {}
    match kind:
        case RuleKind.COUNTRY:
            if code == UNDECIDED_COUNTRY:
                return Phrase(_("Recipients whose country is not decided yet"), {})
            return Phrase(
                _("Recipients in one country: %(country)s"), {"country": title_in(published, "countries", code)}
            )
        case RuleKind.SCENARIO:
            return Phrase(_("Requests for “%(scenario)s”"), {"scenario": inside_quotes(names.scenario(code))})
        case RuleKind.ITEM:
            return Phrase(_("Requests for “%(item)s”"), {"item": inside_quotes(names.items([code])[0])})
        case RuleKind.RECIPIENT:
            return title_in(published, "recipients", code)
        case RuleKind.ABROAD:
            return Phrase(_("All recipients abroad"), {})
    return Phrase(_("Every request"), {})


def title_in(document: Document, kind: str, code: str) -> Words:
    entry = document.get(kind, {}).get(code)
    return words_in(entry["title"]) if entry else Words(code, "")


@dataclass(frozen=True)
class RuleRow:
    """One version of a rule with the title of what it is about.

    ``left``: the approvals in force that a rule that refuses would have refused, and leaves standing.
    """

    rule: StandingRule
    title: Words | Phrase
    left: list[NamedApproval]


@dataclass(frozen=True)
class RulesPage:
    """``rules`` are in force; ``versions`` are all versions ever set, newest first."""

    rules: list[RuleRow]
    versions: list[RuleRow]

    @property
    def refuses_all(self) -> bool:
        return any(row.rule.kind == RuleKind.ALL for row in self.rules)


def rules_page(person: User, document: Document | None) -> RulesPage:
    """Return the rules in force and all their versions. At most five SQL statements, six for several accounts."""
    versions = list(person.standing_rules.newest_first())
    rules = in_force(versions, together_since(person))
    standing = approvals_left(person, document) if rules else []
    return RulesPage(
        [RuleRow(one, title_of(one.kind, one.code, document), left_by(one, standing, document)) for one in rules],
        [RuleRow(one, title_of(one.kind, one.code, document), []) for one in versions],
    )


def approvals_left(person: User, document: Document | None) -> list[NamedApproval]:
    """Return the approvals in force, which no rule touches. At most two SQL statements."""
    return named_approvals([one for one in approvals(person, document) if one.in_force], Names(document))


def left_by(rule: StandingRule, standing: Iterable[NamedApproval], document: Document | None) -> list[NamedApproval]:
    """Return those of these approvals that this rule, had they been requests, would refuse at least in part."""
    if rule.setting != RuleSetting.REFUSE:
        return []
    names = Names(document)
    return [one for one in standing if is_about(rule, subject_of_approval(one.approval, names))]


def subject_of_approval(approval: Approval, names: Names) -> Subject:
    recipient = names.recipient_facts(approval.recipient)
    codes = tuple(item.code for item in approval.in_force)
    return Subject(approval.recipient, recipient.country.code, recipient.is_abroad, approval.scenario, codes)


Choices = list[tuple[Any, Any]]


def rule_choices(person: User, document: Document | None) -> Choices:
    """Return what can be refused, by kind, with values ``kind:code``, without kinds that have nothing to choose.

    At most two SQL statements.
    """
    published = document or {}
    scenarios, items = asked_about(published)
    abroad = {entry["country"] for entry in published.get("recipients", {}).values()} - {HOME_COUNTRY}
    all_abroad = choices_of(RuleKind.ABROAD, [""], document) if abroad else []
    groups = [
        (_("Everything"), choices_of(RuleKind.ALL, [""], document) + all_abroad),
        (_("A country"), choices_of(RuleKind.COUNTRY, sorted(abroad), document)),
        (_("A situation"), choices_of(RuleKind.SCENARIO, scenarios, document)),
        (_("An item"), choices_of(RuleKind.ITEM, items, document)),
        (_("A recipient that asked you"), choices_of(RuleKind.RECIPIENT, recipients_that_asked(person), document)),
    ]
    return [(label, choices) for label, choices in groups if choices]


def asked_about(document: Document) -> tuple[list[str], list[str]]:
    """Return the codes of the scenarios, and of the items, about which a person can be asked."""
    approvals = {
        code: entry["items"]
        for code, entry in document.get("scenarios", {}).items()
        if entry["ground"] == Ground.APPROVAL.code and not entry["retired"]
    }
    return list(approvals), sorted({item for items in approvals.values() for item in items})


def choices_of(kind: str, codes: Iterable[str], document: Document | None) -> Choices:
    return [(f"{kind}:{code}", name_of(kind, code, document)) for code in codes]


def name_of(kind: str, code: str, document: Document | None) -> Words | Phrase:
    """Return what a rule is about as it stands under the heading of its kind: “Singapore”, “E-mail address”."""
    if kind == RuleKind.COUNTRY and code != UNDECIDED_COUNTRY:
        return title_in(document or {}, "countries", code)
    if kind == RuleKind.SCENARIO:
        return Names(document).scenario(code)
    if kind == RuleKind.ITEM:
        return Names(document).items([code])[0]
    return title_of(kind, code, document)


def recipients_that_asked(person: User) -> list[str]:
    return list(
        person.approval_requests.order_by("recipient__code").values_list("recipient__code", flat=True).distinct()
    )


@dataclass(frozen=True)
class PreviewedRecipient:
    """A past request and what the rule would have done with it. ``effect``: refuse, item or ask."""

    request: ApprovalRequest
    effect: str
    decision: Decision | None

    @property
    def is_waiting(self) -> bool:
        return self.decision is None and not self.request.is_expired and not self.request.is_cancelled


@dataclass(frozen=True)
class RulePreview:
    """``changed``: of the ``looked_at`` newest requests those with another outcome under the rule, newest first.
    ``left``: the approvals in force that it would leave standing.
    """

    title: Words | Phrase
    looked_at: int
    changed: list[PreviewedRecipient]
    left: list[NamedApproval]


def rule_preview(person: User, kind: str, code: str, setting: str, document: Document | None) -> RulePreview:
    """Return what a rule, together with the rules in force, would have decided so far. At most six SQL statements."""
    rules = rules_in_force(person)
    with_it = [rule for rule in rules if (rule.kind, rule.code) != (kind, code)]
    rule = StandingRule(kind=kind, code=code, setting=setting, version=0)
    with_it.append(rule)
    requests = list(person.approval_requests.with_references(person).newest_first()[:MOST_PREVIEWED])
    named = person.decisions.filter(request_id__in=[request.id for request in requests]).defer("text")
    decisions = in_effect(named.order_by("decided_at", "id"))
    answers = {decision.request_id: decision for decision in decisions if decision.is_answer}
    changed = [
        PreviewedRecipient(request, after, answers.get(request.id))
        for request in requests
        for before, after in [(effect(rules, request), effect(with_it, request))]
        if before != after
    ]
    as_published(requests, document)
    left = left_by(rule, approvals_left(person, document), document)
    return RulePreview(title_of(kind, code, document), len(requests), changed, left)


def effect(rules: Iterable[StandingRule], request: ApprovalRequest) -> str:
    said = verdict(rules, subject_of(request))
    if said.refuses:
        return "refuse"
    return "item" if said.items else "ask"
