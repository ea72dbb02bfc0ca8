"""The question that a person was asked, word for word as a decision keeps it. Pure: no SQL."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from disclosures.models import RouteAbroad
from disclosures.models.content.recipients import HOME_COUNTRY
from privacycenter.text.richtext import render
from privacycenter.text.shown_files import NO_FILES, filled
from privacycenter.text.words import Words, said_in


@dataclass(frozen=True)
class ItemShown:
    title: Words
    purpose: Words
    consequence: Words
    retention_days: int | None


@dataclass(frozen=True)
class ProvisionShown:
    """What a question says besides of who receives the data: who represents it, and the basis abroad.

    ``basis_abroad`` and ``basis_checked_on`` are None where that was not stated, and for a recipient in Japan.
    """

    representative: Words
    basis_abroad: RouteAbroad | None
    basis_checked_on: date | None

    @property
    def has_equivalent_system(self) -> bool:
        return self.basis_abroad is RouteAbroad.EQUIVALENT_SYSTEM


@dataclass(frozen=True)
class ShownQuestion:
    """The texts of one stored question, each marked if its language differs from the interface's.

    The question was shown in one language, and some of its texts may have fallen back from it. ``provision``: None in
    a question of version 0.1, which did not say this.
    """

    scenario_title: Words
    scenario_body: Words
    recipient: Words
    service: Words
    country: Words
    is_abroad: bool
    business: Words
    address: Words
    contact: Words
    system: Words
    system_unknown: Words
    measures: Words
    measures_unknown: Words
    provision: ProvisionShown | None
    items: list[ItemShown]
    expires_at: datetime
    valid_days: int


def question_in(text: dict[str, Any]) -> ShownQuestion:
    """Read the question from ``text`` as ``requests.text_shown`` made it."""
    language = text["language"]
    recipient, scenario = text["recipient"], text["scenario"]

    def said(words: str, *, is_html: bool = False) -> Words:
        return said_in(words, language, is_html=is_html)

    def rich(source: str) -> Words:
        return said(filled(render(source, language), NO_FILES, language), is_html=True)

    return ShownQuestion(
        scenario_title=said(scenario["title"]),
        scenario_body=said(scenario["body"], is_html=True),
        recipient=said(recipient["title"]),
        service=said(text["service"]["title"]),
        country=said(recipient["country_title"]),
        is_abroad=recipient["country"] != HOME_COUNTRY,
        business=said(recipient["business"]),
        address=said(recipient["address"]),
        contact=Words(recipient["contact"], ""),
        system=rich(recipient["country_system"]),
        system_unknown=rich(recipient.get("country_system_unknown", "")),
        measures=rich(recipient["measures"]),
        measures_unknown=rich(recipient.get("measures_unknown", "")),
        provision=provision_in(text),
        items=[
            ItemShown(said(item["title"]), said(item["purpose"]), said(item["consequence"]), item.get("retention_days"))
            for item in text["items"]
        ],
        expires_at=datetime.fromisoformat(text["expires_at"]),
        valid_days=text["valid_days"],
    )


def provision_in(text: dict[str, Any]) -> ProvisionShown | None:
    """Read from ``text`` what it says of the representative and the basis abroad. None if it says nothing of these."""
    recipient = text["recipient"]
    if "representative" not in recipient:
        return None
    basis, checked_on = recipient.get("basis_abroad"), recipient.get("basis_checked_on")
    return ProvisionShown(
        representative=said_in(recipient["representative"], text["language"]),
        basis_abroad=RouteAbroad(basis) if basis else None,
        basis_checked_on=date.fromisoformat(checked_on) if checked_on else None,
    )
