"""A person's receipts, each with the proof that its decision is in the public log."""

from typing import Any
from uuid import UUID

from django.conf import settings

from consents.asking.decisions import DecisionPage, decision_page
from consents.receipts.signing import Operator, Receipt, receipt_of
from disclosures.content.publications import Document
from disclosures.public.site_words import operator_in
from privacycenter.models import RowKind, User
from privacycenter.proof.openings import openings_of


def receipt_for(person: User, id: UUID, document: Document | None) -> tuple[DecisionPage, Receipt] | None:
    """Return one decision with its receipt; None if the person has no such decision, or it has none. At most seven SQL
    statements."""
    page = decision_page(person, id, document)
    if page is None or not page.has_text:
        return None
    return page, receipt_made(page)


def receipt_made(page: DecisionPage) -> Receipt:
    """Return the receipt of a decision of which the text is known."""
    facts = operator_in(page.original.publication, page.original.language)
    operator = Operator(facts.name.text, facts.address.text, facts.complaint_contact.text)
    # Not the host of a request: a receipt is the same under every name of the site.
    return receipt_of(page, operator, settings.SITE_ADDRESS)


def proof_of(page: DecisionPage) -> dict[str, Any] | None:
    """Return the proof that the decision is in the public log. None if it is not, or not yet."""
    decision = page.decision
    named = RowKind.DECISION, (decision.person_id, decision.id)
    opened = openings_of(decision.person, [named]).get(named)
    return opened.proof if opened else None
