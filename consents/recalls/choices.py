"""What a person can recall: everything, what one company holds, or one item wherever it is. Never writes."""

from dataclasses import dataclass

from consents.recalls.about import EVERYTHING, About, AboutKind
from disclosures.public.titles import Names
from disclosures.record.effective_record import combinations, corrected_record, newest_first
from privacycenter.models import User
from privacycenter.text.words import Words


@dataclass(frozen=True)
class RecallChoice:
    """One thing that can be recalled. ``count``: the companies that hold it, or of a company the disclosures to it."""

    about: About
    title: Words
    count: int


@dataclass(frozen=True)
class RecallChoices:
    """``everything``: how many companies hold anything; 0 if nobody does."""

    everything: int
    companies: list[RecallChoice]
    items: list[RecallChoice]

    @property
    def everything_value(self) -> str:
        return EVERYTHING.value


def recall_choices(person: User, names: Names) -> RecallChoices:
    """Return what can be recalled: companies, the latest first, and items in their order. One SQL statement, besides
    those of ``Names``."""
    found = newest_first(combinations(corrected_record(person)))
    companies: dict[str, int] = {}
    holders: dict[str, set[str]] = {}
    for one in found:
        companies[one.recipient] = companies.get(one.recipient, 0) + one.count
        for item in one.items:
            holders.setdefault(item, set()).add(one.recipient)
    return RecallChoices(
        everything=len(companies),
        companies=[
            RecallChoice(About(AboutKind.RECIPIENT, code), names.recipient(code), count)
            for code, count in companies.items()
        ],
        items=[
            RecallChoice(About(AboutKind.ITEM, code), names.title("data_items", code), len(holders[code]))
            for code in names.ordered(holders)
        ],
    )
