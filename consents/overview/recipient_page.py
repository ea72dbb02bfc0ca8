"""One recipient of a person's data, with the decisions about it."""

from dataclasses import dataclass

from django.db.models import Q

from consents.asking.decisions import DecisionEntry, endings_among, state_of
from consents.overview.recipient_list import Reported, last_steps, reported
from disclosures.models import Recipient
from disclosures.publishing.publications import Document
from disclosures.publishing.titles import Names
from disclosures.record.effective_record import corrected_record
from disclosures.record.queries import (
    DisclosureList,
    RecipientSummary,
    disclosure_list,
    recipient_named,
    recipient_summary,
)
from privacycenter.models import User

DECISIONS_SHOWN = 10


@dataclass(frozen=True)
class MyRecipientPage:
    """One recipient in a person's record.

    ``summary``: None if nothing counts as provided to it, because nothing was reported or all of it was corrected.
    ``reported``: the last step of each withdrawal about it, newest first. ``latest``: its newest disclosures, including
    corrected ones. ``decisions``: the newest ones about it; ``has_more_decisions``: there are older ones.
    """

    recipient: Recipient
    summary: RecipientSummary | None
    reported: list[Reported]
    latest: DisclosureList
    decisions: list[DecisionEntry]
    has_more_decisions: bool


def recipient_page(person: User, code: str, document: Document | None) -> MyRecipientPage | None:
    """Return one recipient, or None if the person has neither a decision about it nor a disclosure to it.

    At most seven SQL statements.
    """
    recipient = recipient_named(person, code)
    if recipient is None:
        return None
    summary = recipient_summary(person, recipient, document)
    latest = disclosure_list(person, document, matching=corrected_record(person).about(Q(recipient=recipient)))
    decisions = decisions_about(person, recipient)
    if not (summary or latest.rows or decisions):
        return None
    steps = last_steps(person).get(code, []) if summary else []
    return MyRecipientPage(
        recipient=recipient,
        summary=summary,
        reported=reported(summary, steps, Names(document)) if summary else [],
        latest=latest,
        decisions=decisions[:DECISIONS_SHOWN],
        has_more_decisions=len(decisions) > DECISIONS_SHOWN,
    )


def decisions_about(person: User, recipient: Recipient) -> list[DecisionEntry]:
    """Return the newest decisions about one recipient, one more than are shown. Two SQL statements."""
    rows = person.decisions.with_references().filter(recipient=recipient).defer("text").newest_first()
    found = list(rows[: DECISIONS_SHOWN + 1])
    endings = endings_among(person, found)
    return [DecisionEntry(one, endings.get(one.id), state_of(one, endings.get(one.id))) for one in found]
