"""Judgement of disclosures by the person's decisions at the time and by the newest publication."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from disclosures.ledger.code_lookup import Resolved
from disclosures.ledger.conformance import Published
from disclosures.ledger.events import last_moment
from disclosures.ledger.evidence import Informed, tells_of
from disclosures.ledger.flagging import Judgement, judgement
from disclosures.ledger.permissions import StandingQuestion, standings
from disclosures.models import CitedEvidence, Ground, Publication
from privacycenter.models import User


@dataclass(frozen=True, slots=True)
class Matter:
    """What is to be judged: the person, the rows behind the codes, the ground as reported, when it happened, and what
    is cited."""

    person: int
    rows: Resolved
    ground: Ground
    occurred_at: datetime
    evidence: CitedEvidence | None


class Judgements(NamedTuple):
    """One judgement per matter, and the number of the publication that all were compared with, 0 for none."""

    publication: int
    each: list[Judgement]


def judge(matters: Sequence[Matter], newest: Publication | None) -> Judgements:
    """Judge matters once and for all. At most three SQL statements, none without matters.

    MUST be called in the transaction that records them. Decisions count as they stood when the disclosure occurred, and
    the newest publication. Where decisions count, the people are locked until the commit: whatever they decide comes
    clearly before or after, and the judgement names the last that came before.
    """
    if not matters:
        return Judgements(0, [])
    number = newest.number if newest else 0
    published = Published(newest.document if newest else None)
    published.informed = informed_by_cited(cited_abroad(matters, published), newest)
    in_need = [place for place, matter in enumerate(matters) if published.terms(matter.rows).ground is Ground.APPROVAL]
    User.objects.lock_all({matters[place].person for place in in_need})
    answers = standings([question_of(matters[place]) for place in in_need])
    standing_at = dict(zip(in_need, answers, strict=True))
    each = [
        judgement(
            matter.rows.items,
            published.departures(matter.rows, matter.ground, matter.occurred_at, matter.evidence),
            standing_at.get(place),
        )
        for place, matter in enumerate(matters)
    ]
    return Judgements(number, each)


def cited_abroad(matters: Sequence[Matter], published: Published) -> dict[int, set[tuple[str, str]]]:
    """Return the numbers of the publications that are cited for recipients abroad, each with these recipients and their
    countries, by code."""
    found: dict[int, set[tuple[str, str]]] = {}
    for matter in matters:
        abroad = published.terms(matter.rows).requires.abroad
        if abroad and matter.evidence and matter.evidence.shown_publication:
            found.setdefault(matter.evidence.shown_publication, set()).add(abroad)
    return found


def informed_by_cited(cited: dict[int, set[tuple[str, str]]], newest: Publication | None) -> dict[int, Informed]:
    """Return of whom of these the cited publications tell and since when, of those up to the newest.

    At most one SQL statement, none if no older one is cited, and once for a newest one its time. One document at a time
    is held.
    """
    if newest is None:
        return {}
    older = [number for number in cited if number < newest.number]
    rows = Publication.objects.filter(number__in=older).order_by().values_list("number", "published_at", "document")
    now = [(newest.number, newest.published_at, newest.document)] if newest.number in cited else []
    documents = chain(now, rows.iterator(1) if older else ())
    return {
        number: Informed(since, frozenset(pair for pair in cited[number] if tells_of(document, *pair)))
        for number, since, document in documents
    }


def question_of(matter: Matter) -> StandingQuestion:
    return StandingQuestion(
        person=matter.person,
        recipient=matter.rows.recipient.pk,
        service=matter.rows.service.pk,
        scenario=matter.rows.scenario.pk,
        at=last_moment(matter.occurred_at),
    )
