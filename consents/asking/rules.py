"""A person's standing rules, and what they say about a request. Never writes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from consents.models import ApprovalRequest, Decision, RuleKind, RuleSetting, StandingRule, in_effect
from disclosures.models import Ground, Recipient, Scenario
from disclosures.models.recipients import HOME_COUNTRY
from disclosures.publishing.publications import Document
from disclosures.publishing.titles import Names
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
    """Return the newest version of each rule that has not ended, newest first. One SQL statement."""
    return in_force(person.standing_rules.newest_first())


def in_force(versions: Iterable[StandingRule]) -> list[StandingRule]:
    newest: dict[tuple[str, str], StandingRule] = {}
    for rule in versions:
        known = newest.get((rule.kind, rule.code))
        if known is None or known.version < rule.version:
            newest[(rule.kind, rule.code)] = rule
    return [rule for rule in newest.values() if rule.setting != RuleSetting.OFF]


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
            return Phrase(_("Recipients in %(country)s"), {"country": title_in(published, "countries", code)})
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
    """One version of a rule with the title of what it is about."""

    rule: StandingRule
    title: Words | Phrase


@dataclass(frozen=True)
class RulesPage:
    """``rules`` are in force; ``versions`` are all versions ever set, newest first."""

    rules: list[RuleRow]
    versions: list[RuleRow]

    @property
    def refuses_all(self) -> bool:
        return any(row.rule.kind == RuleKind.ALL for row in self.rules)


def rules_page(person: User, document: Document | None) -> RulesPage:
    """Return the rules in force and all their versions. At most three SQL statements."""
    versions = list(person.standing_rules.newest_first())
    rows = {rule.id: RuleRow(rule, title_of(rule.kind, rule.code, document)) for rule in versions}
    return RulesPage([rows[rule.id] for rule in in_force(versions)], list(rows.values()))


Choices = list[tuple[Any, Any]]


def rule_choices(person: User, document: Document | None) -> Choices:
    """Return what can be refused, grouped for a select, with values ``kind:code``. At most two SQL statements."""
    published = document or {}
    approvals = [
        (code, entry)
        for code, entry in published.get("scenarios", {}).items()
        if entry["ground"] == Ground.APPROVAL.code and not entry["retired"]
    ]
    items = {item for _code, entry in approvals for item in entry["items"]}
    abroad = {entry["country"] for entry in published.get("recipients", {}).values()} - {HOME_COUNTRY}
    return [
        (_("Everything"), choices_of(RuleKind.ALL, [""], document) + choices_of(RuleKind.ABROAD, [""], document)),
        (_("A country"), choices_of(RuleKind.COUNTRY, sorted(abroad), document)),
        (_("A purpose"), choices_of(RuleKind.SCENARIO, [code for code, _entry in approvals], document)),
        (_("An item"), choices_of(RuleKind.ITEM, sorted(items), document)),
        (_("A recipient that asked you"), choices_of(RuleKind.RECIPIENT, recipients_that_asked(person), document)),
    ]


def choices_of(kind: str, codes: Iterable[str], document: Document | None) -> Choices:
    return [(f"{kind}:{code}", title_of(kind, code, document).text) for code in codes]


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
    """``changed``: of the ``looked_at`` newest requests those with another outcome under the rule, newest first."""

    title: Words | Phrase
    looked_at: int
    changed: list[PreviewedRecipient]


def rule_preview(person: User, kind: str, code: str, setting: str, document: Document | None) -> RulePreview:
    """Return what a rule, together with the rules in force, would have decided so far. At most four SQL statements."""
    rules = rules_in_force(person)
    with_it = [rule for rule in rules if (rule.kind, rule.code) != (kind, code)]
    with_it.append(StandingRule(kind=kind, code=code, setting=setting, version=0))
    requests = list(person.approval_requests.with_references().newest_first()[:MOST_PREVIEWED])
    decisions = in_effect(person.decisions.filter(request_id__in=[request.id for request in requests]).defer("text"))
    answers = {decision.request_id: decision for decision in decisions if decision.is_answer}
    changed = [
        PreviewedRecipient(request, after, answers.get(request.id))
        for request in requests
        for before, after in [(effect(rules, request), effect(with_it, request))]
        if before != after
    ]
    return RulePreview(title_of(kind, code, document), len(requests), changed)


def effect(rules: Iterable[StandingRule], request: ApprovalRequest) -> str:
    said = verdict(rules, subject_of(request))
    if said.refuses:
        return "refuse"
    return "item" if said.items else "ask"
