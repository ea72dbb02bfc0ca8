"""What a report has to cite for its ground, by what is published, and what it did not cite. Pure: no SQL."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from disclosures.content.publications import Document
from disclosures.ledger.events import last_moment
from disclosures.models import CitedEvidence, EvidenceKind, Flag, Route, RouteAbroad
from disclosures.models.content.recipients import HOME_COUNTRY


class Informed(NamedTuple):
    """Since when a publication is there, and of whom it says what the law wants said before data goes abroad.

    ``of``: recipients, each with its country, by code.
    """

    since: datetime
    of: frozenset[tuple[str, str]]


class Required(NamedTuple):
    """What a report has to cite.

    ``kind``: of evidence; None where it is the decision, which is found here, or where nothing is published about it.
    ``abroad``: the recipient and its country, by code, where also the publication has to be cited that the person was
    shown about them; None where nothing has to be shown.
    """

    kind: EvidenceKind | None = None
    abroad: tuple[str, str] | None = None

    @property
    def codes(self) -> list[str]:
        """The members of an event's data, as a permission check names them."""
        return [*(["evidence"] if self.kind else []), *(["shown_publication"] if self.abroad else [])]

    def missing(
        self, evidence: CitedEvidence | None, informed: Mapping[int, Informed], occurred_at: datetime
    ) -> Iterator[tuple[Flag, str, str]]:
        """Yield the flag, the field and the code of what is not cited. ``informed``: by number, the publications that
        are cited. One that was published only after the disclosure cannot have been shown."""
        if self.kind and (evidence is None or evidence.kind is not self.kind):
            yield Flag.NO_EVIDENCE, "evidence", self.kind.code
        shown = evidence.shown_publication if evidence else None
        told = informed.get(shown or 0)
        if self.abroad and (told is None or told.since > last_moment(occurred_at) or self.abroad not in told.of):
            yield Flag.ABROAD_NOT_INFORMED, "evidence.shown_publication", str(shown or "")


NOTHING = Required()


def tells_of(document: Document, code: str, country: str) -> bool:
    """Return whether the publication has this recipient in this country, and says what APPI art. 28(2) requires of the
    country, or why it is not known.
    """
    recipient = document.get("recipients", {}).get(code)
    if recipient is None or recipient["retired"] or recipient["country"] != country:
        return False
    told = document.get("countries", {}).get(country, {})
    return any(told.get(name, {}).get("source") for name in ("system", "system_unknown"))


def informed_by(document: Document) -> frozenset[tuple[str, str]]:
    """Return of whom the publication tells: recipients, each with its country, by code."""
    found = ((code, entry["country"]) for code, entry in document.get("recipients", {}).items())
    return frozenset(pair for pair in found if tells_of(document, *pair))


def required(code: str, scenario: Document | None, recipient: Document | None) -> Required:
    """Return what is published that a report in this scenario to this recipient, of this code, has to cite.

    A request for approval itself shows the person what the law wants said about a recipient abroad (APPI art. 28(2)),
    so where the ground is an approval the decision is enough. Where the way abroad is known and not consent, nobody has
    to be shown anything before.
    """
    if scenario is None:
        return NOTHING
    country = recipient["country"] if recipient else HOME_COUNTRY
    is_by_consent = rests_on_consent(scenario, recipient) and scenario["ground"] != "approval"
    kinds = {kind.code: kind for kind in EvidenceKind}
    abroad = (code, country) if country != HOME_COUNTRY and is_by_consent else None
    return Required(kinds.get(scenario.get("evidence", "")), abroad)


def basis_abroad(scenario: Document | None, recipient: Document | None) -> RouteAbroad | None:
    """Return the basis that is published for a recipient abroad in a scenario, None where it is not stated.

    What is published of the recipient goes before what is published of the scenario.
    """
    stated = (recipient or {}).get("basis_abroad") or (scenario or {}).get("route_abroad")
    return RouteAbroad(stated) if stated else None


def rests_on_consent(scenario: Document, recipient: Document | None) -> bool:
    """Return whether data may go abroad by consent alone. So it is in doubt, too: consent asks most of a service.

    An exception in the law is one abroad as well (APPI art. 28(1)), so there nothing follows from an unknown basis.
    """
    basis = basis_abroad(scenario, recipient)
    is_exception = scenario["ground"] == "legal" or scenario.get("route") == Route.EXCEPTION
    return not is_exception if basis is None else basis is RouteAbroad.CONSENT
