"""The requests to the people of the made-up world, and their answers."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from consents.asking.decision_actions import answer_request, withdraw_decision
from consents.asking.request_actions import Asked, file_request
from consents.asking.requests import request_page
from consents.demo.cast import HANAKO, MIO, TARO
from consents.demo.clock import Calendar, clock_at
from consents.demo.episodes import (
    HOME_ITEMS,
    HOME_PARTLY,
    HOME_WITHDRAWN,
    SCOUT,
    SCOUT_ITEMS,
    SURVEY,
    SURVEY_ITEMS,
    Episode,
    approved,
)
from consents.models import Decision, StepKind
from consents.withdrawals.actions import open_withdrawal_case, take_withdrawal_step
from disclosures.models import Recipient, Reporter, Scenario, Service
from privacycenter.models import User
from privacycenter.text.languages import speaking

WAIT = timedelta(days=14)
LANGUAGE = "ja"


@dataclass(frozen=True)
class DemoQuestion:
    """One request and what became of it. Days are counted back from today; None: it did not happen.

    ``filed`` is None for a request filed now that stays open. ``allows``: those of the items that are allowed.
    """

    subject: str
    episode: Episode
    items: tuple[str, ...]
    valid_days: int
    filed: int | None = None
    answered: int | None = None
    allows: tuple[str, ...] = ()
    withdrawn: int | None = None


GOURMET_SURVEY = approved("hotpepper-gourmet", "survey-results", "northwind-analytics", *SURVEY_ITEMS)
POINT_SURVEY = approved("hotpepper-gourmet", "survey-results", "midori-point", *SURVEY_ITEMS)
WEDDING_SURVEY = approved("zexy", "survey-results", "northwind-analytics", *SURVEY_ITEMS)

# In order of time for each person: a decision's id contains its time, and the history is sorted by it.
QUESTIONS = (
    DemoQuestion(HANAKO, SURVEY, SURVEY_ITEMS, 365, filed=150, answered=148, allows=SURVEY_ITEMS),
    DemoQuestion(HANAKO, HOME_WITHDRAWN, HOME_ITEMS, 365, filed=136, answered=134, allows=HOME_ITEMS, withdrawn=100),
    DemoQuestion(HANAKO, SCOUT, SCOUT_ITEMS, 180, filed=80, answered=79),
    DemoQuestion(HANAKO, HOME_PARTLY, HOME_ITEMS, 180, filed=45, answered=44, allows=("home-preferences",)),
    DemoQuestion(HANAKO, GOURMET_SURVEY, SURVEY_ITEMS, 180, filed=36),
    DemoQuestion(HANAKO, POINT_SURVEY, SURVEY_ITEMS, 90),
    DemoQuestion(TARO, SCOUT, SCOUT_ITEMS, 180),
    DemoQuestion(MIO, SCOUT, SCOUT_ITEMS, 365, filed=305, answered=300, allows=SCOUT_ITEMS),
    DemoQuestion(MIO, WEDDING_SURVEY, SURVEY_ITEMS, 180, filed=70, answered=69),
)

# Scenario → item → (purpose, consequence of leaving it out), each in Japanese and English.
Pair = tuple[str, str]
TEXTS: dict[str, dict[str, tuple[Pair, Pair]]] = {
    "survey-results": {
        "name": (
            (
                "同じ人の回答を二重に数えないため。",
                "So that answers by the same person are not counted twice.",
            ),
            ("謝礼の抽選の対象になりません。", "You will not take part in the draw for the reward."),
        ),
        "survey-answers": (
            ("サービスの満足度を集計するため。", "To count how satisfied people are with the service."),
            ("あなたの回答は、集計に入りません。", "Your answers are left out of the results."),
        ),
        "usage": (
            (
                "よく使う人とはじめての人の回答を、分けて集計するため。",
                "To count the answers of regular users and first-time users separately.",
            ),
            ("利用回数別の集計には入りません。", "Your answers are left out of the results by number of uses."),
        ),
    },
    "job-scouting": {
        "work-history": (
            (
                "経験に合う求人を選んで、スカウトを送るため。",
                "To send you scout messages for jobs that match your experience.",
            ),
            (
                "スカウトは届きますが、経験に合わないものも含まれます。",
                "You can still get scout messages, but some will not match your experience.",
            ),
        ),
        "preferences": (
            ("希望する勤務地と働き方に合う求人を選ぶため。", "To choose jobs in the place and of the kind you want."),
            (
                "希望に合わない求人のスカウトも届きます。",
                "You will also get scouts for jobs that are not what you want.",
            ),
        ),
    },
    "suumo-home-proposals": {
        "household-attributes": (
            ("無理のない価格の物件を選んで提案するため。", "To propose homes at a price that fits your household."),
            (
                "価格の条件をしぼらない提案になります。",
                "The proposals will not be narrowed down by price.",
            ),
        ),
        "home-preferences": (
            (
                "希望する地域と広さの物件を選んで提案するため。",
                "To propose homes in the area and of the size you want.",
            ),
            ("あなたの条件に合わせた提案は受けられません。", "You cannot get proposals that match your conditions."),
        ),
    },
}


# How long recipients keep what they get. For job scouting the service does not say it.
RETENTION_DAYS = {"survey-results": 365, "suumo-home-proposals": 180}


def asked(question: DemoQuestion) -> list[Asked]:
    """Return the items asked for, with the reporter's texts."""
    return [
        Asked(
            code,
            purpose={"ja": why[0], "en": why[1]},
            consequence={"ja": without[0], "en": without[1]},
            retention_days=RETENTION_DAYS.get(question.episode.scenario),
        )
        for code in question.items
        for why, without in [TEXTS[question.episode.scenario][code]]
    ]


def ask_all(*, days: Calendar, reporters: dict[str, Reporter]) -> int:
    """Make the requests and answers that are missing. Return the number of requests made.

    A question that the person was ever asked is left alone, whatever became of it.
    """
    return sum(ask(question, days, reporters[question.episode.service]) for question in QUESTIONS)


@transaction.atomic
def ask(question: DemoQuestion, days: Calendar, by: Reporter) -> bool:
    """Make one request from beginning to end, each step at its own time. False if it was made before."""
    person, episode = User.objects.get(subject=question.subject), question.episode
    about = {
        "recipient": Recipient.objects.get(code=episode.recipient).pk,
        "service": Service.objects.get(code=episode.service).pk,
        "scenario": Scenario.objects.get(code=episode.scenario).pk,
    }
    if person.approval_requests.about(**about).exists():
        return False
    filed_at = days.now if question.filed is None else days.ago(question.filed, hour=11)
    with clock_at(filed_at):
        request, _created = file_request(
            subject=question.subject,
            recipient=episode.recipient,
            service=episode.service,
            scenario=episode.scenario,
            items=asked(question),
            expires_at=filed_at + WAIT,
            valid_days=question.valid_days,
            by=by,
        )
    if question.answered is not None:
        answer(question, person, request.id, days, by)
    return True


def answer(question: DemoQuestion, person: User, request_id: UUID, days: Calendar, by: Reporter) -> Decision:
    """Answer as the page does: with the hash of the text that the person reads at that moment."""
    with speaking(LANGUAGE), clock_at(days.ago(question.answered or 0, hour=20)):
        shown = request_page(person, request_id)
        if shown is None:
            raise LookupError(f"{person} has no request {request_id}")
        decision = answer_request(
            request_id=request_id, allowed=set(question.allows), text_sha256=shown.text_sha256, by=person
        )
    if question.withdrawn is not None:
        with clock_at(days.ago(question.withdrawn, hour=20)):
            withdrawal = withdraw_decision(decision_id=decision.id, language=LANGUAGE, by=person)
        follow_up(withdrawal, question.withdrawn, days, by)
    return decision


def follow_up(withdrawal: Decision, withdrawn: int, days: Calendar, by: Reporter) -> None:
    """Record that the recipient is told the next day, confirms it, and deletes the data.

    What was provided before is reported only after all the questions, so the case is opened here.
    """
    open_withdrawal_case(withdrawal=withdrawal)
    for step, later in ((StepKind.TOLD, 1), (StepKind.ACKNOWLEDGED, 3), (StepKind.DELETED, 9)):
        with clock_at(days.ago(withdrawn - later, hour=10)):
            take_withdrawal_step(withdrawal=withdrawal, kind=step, by=by)
