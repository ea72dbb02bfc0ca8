"""How a standing approval can be changed item by item, and what changed in the text that it rests on. Never writes."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from consents.asking.changed_texts import changed_texts
from consents.asking.decisions import DecisionPage
from consents.asking.requests import ItemAsked, question_asked
from consents.asking.rules import rules_in_force, subject_of, verdict
from disclosures.content.differences import FieldDifference
from disclosures.ledger.permissions import ItemState
from disclosures.public.titles import Names
from privacycenter.canonical import sha256_of
from privacycenter.text.languages import speaking

Text = dict[str, Any]


@dataclass(frozen=True)
class AnswerChange:
    """The change that a person can make to an answer.

    ``items``: those for which the answer still counts and that are allowed or could be. ``text``: the question about
    just these, as a change keeps it.
    """

    page: DecisionPage
    items: list[ItemAsked]
    text: Text

    @cached_property
    def text_sha256(self) -> str:
        return sha256_of(self.text)

    @property
    def codes(self) -> set[str]:
        return {item.code for item in self.items}

    @property
    def allowed(self) -> set[str]:
        """What the answer allows now."""
        return {item.code for item in self.items if item.now.decided is ItemState.ALLOWED}


def change_of(page: DecisionPage, names: Names) -> AnswerChange | None:
    """Return how an answer can be changed, None if it cannot. One SQL statement."""
    if not page.can_be_changed or page.request is None:
        return None
    rules = verdict(rules_in_force(page.decision.person), subject_of(page.request)).items
    asked, text = question_asked(page.request, names, page.now, rules)
    own = {item.code for item in page.standing.own}
    items = [item for item in asked if item.code in own and can_be_chosen(page, item)]
    return AnswerChange(page, items, {**about(text, {item.code for item in items}), "changes": str(page.decision.id)})


def can_be_chosen(page: DecisionPage, item: ItemAsked) -> bool:
    return item.now.decided is ItemState.ALLOWED or page.now.could_be_allowed(item.code)


def about(text: Text, codes: set[str]) -> Text:
    """Return the text of a question without the items that are not meant."""
    return {**text, "items": [item for item in text["items"] if item["code"] in codes]}


def text_differences(page: DecisionPage, names: Names) -> list[FieldDifference]:
    """Return what changed since in the text that an approval in force rests on. No SQL for what is published."""
    seen = page.decision.text
    if not page.is_in_force or page.request is None or not page.has_text:
        return []
    with speaking(seen["language"]):
        _items, now = question_asked(page.request, names, page.now)
    return changed_texts(seen, about(now, {item["code"] for item in seen["items"]}))
