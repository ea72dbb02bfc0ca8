"""One recipient of a person's data, with the decisions that are about it."""

from dataclasses import dataclass

from consents.queries.decisions import DecisionPage, state_of, withdrawals_of
from disclosures.models import Recipient
from disclosures.queries.ledger import DisclosureList, RecipientSummary, disclosure_list, recipient_summary
from disclosures.queries.publications import Document
from privacycenter.models import User

DECISIONS_SHOWN = 10


@dataclass(frozen=True)
class RecipientPage:
    """``latest``: its newest disclosures. ``decisions``: the newest ones about this recipient.

    ``has_more_decisions``: there are older ones.
    """

    summary: RecipientSummary
    latest: DisclosureList
    decisions: list[DecisionPage]
    has_more_decisions: bool


def recipient_page(person: User, code: str, document: Document | None) -> RecipientPage | None:
    """None if this recipient never received anything of this person. At most six SQL statements."""
    summary = recipient_summary(person, code, document)
    if summary is None:
        return None
    decisions = decisions_about(person, summary.recipient)
    return RecipientPage(
        summary=summary,
        latest=disclosure_list(person, document, matching=person.disclosures.to_recipient(summary.recipient)),
        decisions=decisions[:DECISIONS_SHOWN],
        has_more_decisions=len(decisions) > DECISIONS_SHOWN,
    )


def decisions_about(person: User, recipient: Recipient) -> list[DecisionPage]:
    """The newest decisions about one recipient, one more than are shown. Two SQL statements."""
    rows = person.decisions.with_references().filter(recipient=recipient).defer("text").newest_first()
    found = list(rows[: DECISIONS_SHOWN + 1])
    ended = withdrawals_of(person, found)
    return [
        DecisionPage(one, ended.get(one.id), state_of(one, ended[one.id].decided_at if one.id in ended else None))
        for one in found
    ]
