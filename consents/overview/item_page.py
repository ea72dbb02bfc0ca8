"""One item of information in a person's record: who received it, and who may."""

from collections.abc import Collection
from dataclasses import dataclass

from consents.asking.rules import asked_about
from consents.checking.named_approvals import NamedApproval, named_approvals
from consents.checking.standing_approvals import Approval, approvals
from disclosures.public.titles import Names
from disclosures.record.effective_record import Combination, combinations, corrected_record
from disclosures.record.recipient_summaries import RecipientSummary, summaries_of
from privacycenter.models import User
from privacycenter.text.words import Words


@dataclass(frozen=True)
class ItemRow:
    """A recipient of the item. ``summary`` counts the disclosures with the item alone."""

    summary: RecipientSummary
    approvals: list[NamedApproval]


@dataclass(frozen=True)
class ItemPage:
    """One item: ``rows`` are those that received it, the latest first; ``only_allowed``: approvals of others, that may
    receive it and of which nothing was reported.
    """

    code: str
    title: Words
    rows: list[ItemRow]
    only_allowed: list[NamedApproval]
    can_be_refused: bool

    @property
    def count(self) -> int:
        return sum(row.summary.count for row in self.rows)


def item_page(person: User, code: str, names: Names) -> ItemPage | None:
    """Return one item, or None if it is neither published nor in this person's record.

    At most four SQL statements, besides those of ``Names``.
    """
    found = with_item(combinations(corrected_record(person)), code)
    allowed = approvals_with(code, approvals(person, names.document), names)
    if not (found or allowed or code in names.document.get("data_items", {})):
        return None
    rows = [
        ItemRow(summary, [one for one in allowed if one.approval.recipient == summary.recipient.code])
        for summary in summaries_of(found, names)
    ]
    received = {row.summary.recipient.code for row in rows}
    return ItemPage(
        code=code,
        title=names.title("data_items", code),
        rows=rows,
        only_allowed=[one for one in allowed if one.approval.recipient not in received],
        can_be_refused=code in asked_about(names.document)[1],
    )


def with_item(found: Collection[Combination], code: str) -> list[Combination]:
    return [one for one in found if code in one.items]


def approvals_with(code: str, found: Collection[Approval], names: Names) -> list[NamedApproval]:
    """Return those approvals by which the item may be provided now. Each may be about other items as well."""
    return named_approvals([one for one in found if any(item.code == code for item in one.in_force)], names)
