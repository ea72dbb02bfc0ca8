"""Two versions of one disclosure side by side: what is recorded, and what another report says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from disclosures.models import Correction, Disclosure, Ground, Recipient
from disclosures.publishing.titles import Names
from privacycenter.text.words import words_in


@dataclass(frozen=True)
class ComparedFact:
    """One fact in both versions, each as a list of words to display."""

    label: Any
    recorded: list[Any]
    told: list[Any]

    @property
    def differs(self) -> bool:
        return list(map(str, self.recorded)) != list(map(str, self.told))


@dataclass(frozen=True)
class ReportedFacts:
    """The facts of one version. ``recipient`` is its name, the others are codes. ``occurred_at`` has a time zone.

    ``decision`` is the decision that the report named, if any.
    """

    recipient: Any
    service: str
    scenario: str
    items: Sequence[str]
    ground: Ground
    occurred_at: datetime
    decision: str = ""


def facts_of_row(row: Disclosure | Correction) -> ReportedFacts | None:
    """Return the facts of a row that was fetched with its references. None for a retraction."""
    if not (row.recipient and row.service and row.scenario and row.item_set and row.ground and row.occurred_at):
        return None
    return ReportedFacts(
        recipient=row.recipient.name,
        service=row.service.code,
        scenario=row.scenario.code,
        items=row.item_set.codes,
        ground=Ground(row.ground),
        occurred_at=row.occurred_at,
        decision=str(getattr(row, "named_decision_id", None) or ""),
    )


def facts_in_event(event: dict[str, Any]) -> ReportedFacts:
    """Return the facts of a stored event. One SQL statement."""
    recipient = Recipient.objects.filter(code=event["recipient"]).first()
    return ReportedFacts(
        recipient=recipient.name if recipient else words_in({settings.LANGUAGE_CODE: event["recipient"]}),
        service=event["service"],
        scenario=event["scenario"],
        items=event["items"],
        ground=Ground.from_code(event["ground"]),
        occurred_at=datetime.fromisoformat(event["time"]),
        decision=event.get("decision") or "",
    )


def compared(recorded: ReportedFacts, told: ReportedFacts, names: Names) -> list[ComparedFact]:
    """Compare fact by fact, in the order used on every page. Facts that neither version has are left out."""
    return [
        ComparedFact(label, ours, theirs)
        for (label, ours), (_label, theirs) in zip(
            labelled_facts(recorded, names), labelled_facts(told, names), strict=True
        )
        if ours != [""] or theirs != [""]
    ]


def labelled_facts(facts: ReportedFacts, names: Names) -> list[tuple[Any, list[Any]]]:
    moment = date_format(timezone.localtime(facts.occurred_at), "DATETIME_FORMAT")
    return [
        (_("Recipient"), [facts.recipient]),
        (_("Service"), [names.service(facts.service)]),
        (_("Scene"), [names.scenario(facts.scenario)]),
        (_("Items"), names.items(facts.items)),
        (_("Ground"), [facts.ground.label]),
        (_("When"), [moment]),
        (_("Decision named"), [facts.decision]),
    ]
