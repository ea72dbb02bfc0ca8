"""Two accounts of one disclosure, side by side: what is recorded, and what was told otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from disclosures.models import Correction, Disclosure, Ground, Recipient
from disclosures.publishing.titles import Names
from privacycenter.text.words import words_in


@dataclass(frozen=True)
class Side:
    """One fact of both accounts, each as the words to show one after the other."""

    label: Any
    recorded: list[Any]
    told: list[Any]

    @property
    def differs(self) -> bool:
        return list(map(str, self.recorded)) != list(map(str, self.told))


@dataclass(frozen=True)
class Discrepancy:
    """One account. ``recipient`` as words; the others as codes. ``occurred_at`` is aware. ``decision``: what the report
    named, if anything."""

    recipient: Any
    service: str
    scenario: str
    items: Sequence[str]
    ground: Ground
    occurred_at: datetime
    decision: str = ""


def account_of(row: Disclosure | Correction) -> Discrepancy | None:
    """Of a row with its references. None for a correction that says that there was no such disclosure."""
    if not (row.recipient and row.service and row.scenario and row.item_set and row.ground and row.occurred_at):
        return None
    return Discrepancy(
        recipient=row.recipient.name,
        service=row.service.code,
        scenario=row.scenario.code,
        items=row.item_set.codes,
        ground=Ground(row.ground),
        occurred_at=row.occurred_at,
        decision=str(getattr(row, "named_decision_id", None) or ""),
    )


def account_in(event: dict[str, Any]) -> Discrepancy:
    """Of an event as it is kept: its codes and its time. One SQL statement."""
    recipient = Recipient.objects.filter(code=event["recipient"]).first()
    return Discrepancy(
        recipient=recipient.name if recipient else words_in({"ja": event["recipient"]}),
        service=event["service"],
        scenario=event["scenario"],
        items=event["items"],
        ground=Ground.from_code(event["ground"]),
        occurred_at=datetime.fromisoformat(event["time"]),
        decision=event.get("decision") or "",
    )


def compared(recorded: Discrepancy, told: Discrepancy, names: Names) -> list[Side]:
    """Fact by fact, in the order in which a disclosure is told everywhere. What neither names is left out."""
    return [
        Side(label, ours, theirs)
        for (label, ours), (_label, theirs) in zip(facts(recorded, names), facts(told, names), strict=True)
        if ours != [""] or theirs != [""]
    ]


def facts(account: Discrepancy, names: Names) -> list[tuple[Any, list[Any]]]:
    moment = date_format(timezone.localtime(account.occurred_at), "DATETIME_FORMAT")
    return [
        (_("Recipient"), [account.recipient]),
        (_("Service"), [names.service(account.service)]),
        (_("Scene"), [names.scenario(account.scenario)]),
        (_("Items"), names.items(account.items)),
        (_("Ground"), [account.ground.label]),
        (_("When"), [moment]),
        (_("Decision named"), [account.decision]),
    ]
