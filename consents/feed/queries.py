"""The feeds of one reporter: decisions, and recalls. Never writes."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Max

from consents.asking.decisions import standings_of
from consents.feed.cursors import Cursor, cursor_in
from consents.feed.epochs import ahead_of, all_epochs, current_token, number_after
from consents.models import Decision, Feed, FeedEntry, RecallStep
from consents.models.public_ids import parse_public_id
from disclosures.content.publications import newest_document
from disclosures.models import Reporter


def feed_after(reporter: Reporter, feed: Feed, after: str, limit: int) -> dict[str, Any]:
    """Return the entries of a feed after a cursor about the reporter's current services, in order.

    Each that names a decision or a recall has its ``state``: what became of it by now. At most eight SQL statements.
    Raises FeedRestored for a number that a restore has undone, and for one that was never assigned: continuing from
    there would miss every entry up to it.
    """
    epochs = all_epochs()
    current = current_token(epochs)
    number = number_after(cursor_in(after, current), reporter, epochs)
    found = list(reporter.feed_entries.filter(feed=feed, number__gt=number).order_by("number")[: limit + 1])
    if number and not found:
        refuse_ahead(reporter, number, current)
    shown = found[:limit]
    own = set(reporter.services.values_list("code", flat=True))
    told = [row for row in shown if row.event["service"] in own]
    about, states = STATES[feed]
    known = states([row.event for row in told])
    return {
        "data": [{**entry_of(row), "state": known.get(row.event.get(about))} for row in told],
        "next": str(Cursor(current, shown[-1].number if shown else number)),
        "has_more": len(found) > limit,
    }


def refuse_ahead(reporter: Reporter, number: int, epoch: str) -> None:
    last = reporter.feed_entries.order_by("number").last()
    if number > (last.number if last else 0):
        raise ahead_of(reporter, Cursor(epoch, last.number if last else 0), last.happened_at if last else None)


def last_number(reporter: Reporter) -> int:
    number: int | None = reporter.feed_entries.aggregate(last=Max("number"))["last"]
    return number or 0


def entry_of(row: FeedEntry) -> dict[str, Any]:
    """Return an entry as it was told; ``epoch`` only after a restore."""
    epoch = {"epoch": row.epoch} if row.epoch else {}
    return {"number": row.number, **epoch, "happened_at": row.happened_at.isoformat(), **row.event}


def states_of(events: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Return the id of each decision that the events name, with its state now. At most four SQL statements."""
    named = {event["decision"]: event["request"] for event in events if event.get("decision")}
    people = {key[0] for request in named.values() if (key := parse_public_id(request))}
    if not named:
        return {}
    found = Decision.objects.with_references().defer("text").filter(person_id__in=people, id__in=named)
    decisions = list(found)
    standings = standings_of(decisions, newest_document())
    return {str(one.id): standing.state for one, standing in zip(decisions, standings, strict=True)}


def states_of_recalls(events: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Return the id of each recall case that the events name, with its state now. One SQL statement."""
    cases = {event["recall"]: key for event in events if (key := parse_public_id(event["recall"]))}
    people, ids = {person for person, _id in cases.values()}, {id for _person, id in cases.values()}
    if not cases:
        return {}
    steps = RecallStep.objects.filter(person_id__in=people, case_id__in=ids).order_by("kind")
    last = {(step.person_id, step.case_id): step.step.code for step in steps}
    return {name: last.get(key, "opened") for name, key in cases.items()}


# Feed → the member of an event that names what it is about, and what reads the states of these.
STATES: dict[Feed, tuple[str, Callable[[Sequence[dict[str, Any]]], dict[str, str]]]] = {
    Feed.DECISIONS: ("decision", states_of),
    Feed.RECALLS: ("recall", states_of_recalls),
}
