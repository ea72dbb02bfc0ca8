"""What was published of a recipient and a scenario when a disclosure was recorded: a row freezes it by reference."""

from dataclasses import dataclass, replace

from disclosures.content.publications import Document
from disclosures.ledger.evidence import basis_abroad
from disclosures.models import Disclosure, Publication
from disclosures.public import pages
from disclosures.public.reader import Reader
from disclosures.public.shown_entries import RecipientView, ScenarioView


@dataclass(frozen=True)
class PublishedThen:
    """``recipient``: with its basis abroad in this scenario. Both are None if they were not published then."""

    number: int
    recipient: RecipientView | None
    scenario: ScenarioView | None


def published_then(disclosure: Disclosure, known: Publication | None) -> PublishedThen:
    """Return what the publication says that the row was compared with; of version 0.1, that in force when recorded.

    ``known``: a publication that is read already. At most one SQL statement.
    """
    publication = publication_of(disclosure, known)
    if publication is None:
        return PublishedThen(0, None, None)
    document = publication.document
    return PublishedThen(
        number=publication.number,
        recipient=recipient_in(document, disclosure),
        scenario=pages.scenario(document, disclosure.scenario.code),
    )


def publication_of(disclosure: Disclosure, known: Publication | None) -> Publication | None:
    if disclosure.publication is None:
        return Publication.objects.in_force_at(disclosure.recorded_at)
    if known is not None and known.number == disclosure.publication:
        return known
    return Publication.objects.filter(number=disclosure.publication).first()


def recipient_in(document: Document, disclosure: Disclosure) -> RecipientView | None:
    code = disclosure.recipient.code
    entry = document["recipients"].get(code)
    if entry is None:
        return None
    view = Reader(document, explains=False).recipient(code)
    return replace(view, basis_abroad=basis_abroad(document["scenarios"].get(disclosure.scenario.code), entry))
