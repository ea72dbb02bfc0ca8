"""What happens in the made-up world: the kinds of episode, and who lives through which of them when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random

from consents.demo.cast import HANAKO, MIO, TARO
from consents.demo.clock import (
    LONGEST_AGO_DAYS,
    MONDAY,
    SATURDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    Calendar,
    on_a_work_day,
)
from disclosures.ledger.recording import Event
from disclosures.models import CitedEvidence, EvidenceKind, Ground

OFFICE = tuple(range(9, 18))
LEISURE = (12, 18, 19, 20, 21, 21, 22)


@dataclass(frozen=True)
class Episode:
    """One kind of disclosure from one service to one recipient. ``hours``: the hours at which it happens."""

    service: str
    scenario: str
    recipient: str
    items: tuple[str, ...]
    ground: Ground = Ground.PERSON_ACT
    hours: tuple[int, ...] = LEISURE

    @property
    def is_office_work(self) -> bool:
        return self.hours == OFFICE


def booking(service: str, recipient: str, *items: str) -> Episode:
    return Episode(service, "online-booking", recipient, items or ("name", "email", "phone"))


def application(service: str, recipient: str, *items: str) -> Episode:
    return Episode(service, "job-application", recipient, items)


def result(service: str, recipient: str) -> Episode:
    items = ("name", "usage-and-amount")
    return Episode(service, "results-report", recipient, items, Ground.POLICY, OFFICE)


def review(service: str, recipient: str) -> Episode:
    return Episode(service, "review-author", recipient, ("review-content", "name", "usage"))


def approved(service: str, scenario: str, recipient: str, *items: str) -> Episode:
    return Episode(service, scenario, recipient, items, Ground.APPROVAL, OFFICE)


SURVEY_ITEMS = ("name", "survey-answers", "usage")
SCOUT_ITEMS = ("work-history", "preferences")
HOME_ITEMS = ("household-attributes", "home-preferences")
SURVEY = approved("jalan", "survey-results", "northwind-analytics", *SURVEY_ITEMS)
# The published scenario names its recipients, and this is none of them: practice that differs. Nobody was asked.
POINTS = approved("hotpepper-gourmet", "point-programme", "midori-point", "name", "email", "birth-date")
SCOUT = approved("rikunabi-next", "job-scouting", "tsubamebashi-career", *SCOUT_ITEMS)
HOME_PARTLY = approved("suumo", "suumo-home-proposals", "yurarazaka-realty", "home-preferences")
HOME_WITHDRAWN = approved("suumo", "suumo-home-proposals", "dongurizaka-homes", *HOME_ITEMS)

SALON = booking("hotpepper-beauty", "kotori-salon", "name", "phone")
NAILS = booking("hotpepper-beauty", "tsuyukusa-nail", "name", "phone")
SPOON = booking("hotpepper-gourmet", "hitsujigumo-diner", "name", "phone")
HERMITAGE = booking("hotpepper-gourmet", "mizutama-an")
INN, LODGE = (booking("jalan", code) for code in ("minato-inn", "komorebi-toge"))
# Abroad by consent: people are shown the text about the country first.
HOTEL = booking("jalan", "lantern-strait")
CARD = Episode(
    "jalan", "card-fraud", "yukiusagi-payment", ("name", "service-usage", "card-payment-history"), Ground.POLICY, OFFICE
)
COURSE = Episode(
    "studysapuri", "results-report-corporate", "hotarugusa-school", ("corporate-usage-and-results",),
    Ground.POLICY, OFFICE,
)  # fmt: skip
GEARS = application("rikunabi-next", "aozora-gears", "resume", "work-history-document")
BOOKSHOP = application("townwork", "hoshikuzu-books", "resume")

# What people without a story of their own do, each with its relative frequency.
EVERYDAY: dict[Episode, int] = {
    SALON: 16,
    NAILS: 6,
    SPOON: 18,
    HERMITAGE: 12,
    INN: 6,
    LODGE: 5,
    HOTEL: 1,
    result("hotpepper-gourmet", "hitsujigumo-diner"): 5,
    result("hotpepper-beauty", "kotori-salon"): 4,
    result("jalan", "minato-inn"): 3,
    review("hotpepper-gourmet", "mizutama-an"): 3,
    review("hotpepper-beauty", "kotori-salon"): 3,
    review("jalan", "komorebi-toge"): 2,
    GEARS: 2,
    BOOKSHOP: 3,
    application("recruit-agent", "aozora-gears", "resume", "work-history-document"): 2,
    application("rikunabi", "hoshikuzu-books", "resume", "entry-sheet"): 2,
    result("townwork", "hoshikuzu-books"): 1,
    result("suumo", "yurarazaka-realty"): 2,
    result("zexy", "kobune-wedding"): 1,
    review("zexy", "kobune-wedding"): 1,
    result("carsensor", "watagumo-motors"): 2,
    COURSE: 2,
    CARD: 1,
}

Happening = tuple[datetime, Episode]


def hanako(days: Calendar, chance: Random) -> list[Happening]:
    """Return 40 events: a haircut every month, dinners, three journeys, a survey, and the search for a home."""

    def at(episode: Episode, days_ago: int) -> Happening:
        return days.ago(days_ago, chance.choice(episode.hours), chance.randrange(60)), episode

    def regularly(episode: Episode, weekday: int, first: int, count: int, every: int) -> list[Happening]:
        return [
            (
                days.weekday_before(first + every * n, weekday, chance.choice(episode.hours), chance.randrange(60)),
                episode,
            )
            for n in range(count)
        ]

    def journey(month: int, day: int, episode: Episode, *after: Episode) -> list[Happening]:
        booked = days.newest(month, day, at_least_days=60)
        episodes = [(booked, episode), *((booked + timedelta(days=35 + 6 * n), one) for n, one in enumerate(after))]
        return [(days.on(when, chance.choice(one.hours), chance.randrange(60)), one) for when, one in episodes]

    return [
        *regularly(SALON, WEDNESDAY, first=3, count=13, every=31),
        *regularly(NAILS, SATURDAY, first=40, count=2, every=150),
        *regularly(SPOON, THURSDAY, first=10, count=6, every=63),
        *regularly(HERMITAGE, MONDAY, first=24, count=4, every=91),
        *journey(7, 8, INN, review("jalan", "minato-inn"), result("jalan", "minato-inn")),
        *journey(2, 3, LODGE, result("jalan", "komorebi-toge")),
        *journey(4, 14, HOTEL, CARD),
        at(result("carsensor", "watagumo-motors"), 288),
        at(SURVEY, 140),
        at(SURVEY, 61),
        at(HOME_WITHDRAWN, 128),
        at(HOME_WITHDRAWN, 112),
        at(HOME_WITHDRAWN, 93),  # after the withdrawal: the one disclosure that should not have happened
        at(HOME_PARTLY, 33),
        at(HOME_PARTLY, 12),
    ]


def taro(days: Calendar, chance: Random) -> list[Happening]:
    """Return 3 events: looking for work, and one dinner."""
    minute = chance.randrange(60)
    return [
        (days.weekday_before(96, TUESDAY, 21, minute), GEARS),
        (days.weekday_before(52, SATURDAY, 18, minute), SPOON),
        (days.weekday_before(17, MONDAY, 20, minute), BOOKSHOP),
    ]


def mio(days: Calendar, chance: Random) -> list[Happening]:
    """Return those of her 400 events that needed an approval; the point programme had none."""
    return [
        (days.ago(days_ago, chance.choice(OFFICE), chance.randrange(60)), episode)
        for episode, when in ((POINTS, (141, 50)), (SCOUT, (290, 255, 205, 150)))
        for days_ago in when
    ]


def lot(seed: int, *about: str | int) -> Random:
    """Return a random generator that gives the same results for the same seed, on every machine and every day."""
    return Random("/".join(str(part) for part in (seed, *about)))  # noqa: S311  made-up data, not a secret


def everyday(seed: int, subject: str, number: int, place: float, days: Calendar) -> Happening:
    """Return the ``number``-th event of a person. ``place``: when, from 0 (long ago) to 1 (yesterday)."""
    chance = lot(seed, subject, number)
    [episode] = chance.choices(list(EVERYDAY), list(EVERYDAY.values()))
    days_ago = 1 + (1 - place) * (LONGEST_AGO_DAYS - 1)
    return days.ago(days_ago, chance.choice(episode.hours), chance.randrange(60)), episode


def stories(seed: int, days: Calendar) -> dict[str, list[Happening]]:
    """Return, by subject, all that happens to those with a story of their own: exactly 40, 3 and 400 events."""
    own = mio(days, lot(seed, MIO))
    others = 400 - len(own)
    return {
        HANAKO: hanako(days, lot(seed, HANAKO)),
        TARO: taro(days, lot(seed, TARO)),
        MIO: [*own, *(everyday(seed, MIO, n, n / others, days) for n in range(others))],
    }


def told(seed: int, subject: str, happenings: list[Happening]) -> list[Event]:
    """Return a story as its services report it. Numbered before sorting: the numbers must not depend on the day."""
    return [event(seed, subject, number, happening) for number, happening in enumerate(happenings)]


def crowd(seed: int, people: list[str], disclosure_count: int, days: Calendar) -> Iterator[Event]:
    """Yield everyday events spread evenly over the people, in order of time to within a few days.

    A person's n-th event is the same for any number of people and events, so a larger world only adds.
    """
    for number in range(disclosure_count):
        turn, position = divmod(number, len(people))
        subject = people[position]
        yield event(seed, subject, turn, everyday(seed, subject, turn, number / disclosure_count, days))


def event(seed: int, subject: str, number: int, happening: Happening) -> Event:
    """Return one event. Reported again, it adds nothing: id and content depend on seed, person and number alone."""
    moment, episode = happening
    return Event(
        source=f"https://{episode.service}.example/demo",
        event_id=f"demo-{seed}-{subject}-{number:05d}",
        subject=subject,
        recipient=episode.recipient,
        service=episode.service,
        scenario=episode.scenario,
        items=episode.items,
        ground=episode.ground,
        occurred_at=on_a_work_day(moment) if episode.is_office_work else moment,
        evidence=evidence(episode, f"{seed}/{subject}/{number}"),
    )


def evidence(episode: Episode, happening: str) -> CitedEvidence | None:
    """Return what the service cites for the ground. Where the person was asked, the decision is enough."""
    references = {
        Ground.PERSON_ACT: (EvidenceKind.ACT, f"A{sha256(happening.encode()).hexdigest()[:9].upper()}"),
        Ground.POLICY: (EvidenceKind.POLICY, "policy:2023-06"),
    }
    cited = references.get(episode.ground)
    return CitedEvidence(*cited) if cited else None
