"""Judgement of disclosures by the person's decisions at the time and by the newest publication."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from disclosures.ledger.code_lookup import Resolved
from disclosures.ledger.conformance import Published
from disclosures.ledger.flagging import Judgement, judgement
from disclosures.ledger.permissions import StandingQuestion, standings
from disclosures.models import Ground
from disclosures.publishing.publications import newest_document


@dataclass(frozen=True, slots=True)
class Matter:
    """What is to be judged: the person, the rows behind the codes, the ground as reported, and when it happened."""

    person: int
    rows: Resolved
    ground: Ground
    occurred_at: datetime


def judge(matters: Sequence[Matter]) -> list[Judgement]:
    """Return one judgement per matter, in order. At most two SQL statements, none without matters.

    Decisions count as they stood when the disclosure occurred, the publication as it is now.
    """
    if not matters:
        return []
    published = Published(newest_document())
    in_need = [place for place, matter in enumerate(matters) if published.terms(matter.rows).ground is Ground.APPROVAL]
    answers = standings([question_of(matters[place]) for place in in_need])
    standing_at = dict(zip(in_need, answers, strict=True))
    return [
        judgement(
            matter.rows.items,
            published.departures(matter.rows, matter.ground, matter.occurred_at),
            standing_at.get(place),
        )
        for place, matter in enumerate(matters)
    ]


def question_of(matter: Matter) -> StandingQuestion:
    return StandingQuestion(
        person=matter.person,
        recipient=matter.rows.recipient.pk,
        service=matter.rows.service.pk,
        scenario=matter.rows.scenario.pk,
        at=matter.occurred_at,
    )
