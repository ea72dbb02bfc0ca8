"""What services of the made-up world asked before they provided something: permission checks of the last weeks."""

from collections import Counter

from consents.checking.checks import CheckQuestion, permission_checks
from consents.checking.counted_answers import counted
from consents.demo.cast import HANAKO, TARO
from consents.demo.clock import Calendar, clock_at
from consents.demo.episodes import HOME_WITHDRAWN, INN, SCOUT, SURVEY, Episode
from consents.question_log.actions import add_questions
from consents.question_log.asked import Asked
from disclosures.models import Reporter
from privacycenter.models import User

# Whom a service asked about, what, on which days before today, and how often on each.
ASKED: tuple[tuple[str, Episode, tuple[int, ...], int], ...] = (
    (HANAKO, SURVEY, (2, 5, 9, 12), 2),
    (HANAKO, HOME_WITHDRAWN, (1, 3, 4, 8), 3),
    (HANAKO, SCOUT, (6,), 1),
    (HANAKO, INN, (3, 11), 1),
    (TARO, SURVEY, (4, 7), 2),
    (TARO, INN, (7,), 1),
)


def ask_questions(*, days: Calendar, reporters: dict[str, Reporter]) -> int:
    """Ask and count what was asked, unless something was counted about these people before. Return how many questions
    there were."""
    people = [User.objects.get(subject=subject) for subject in (HANAKO, TARO)]
    if any(person.question_counts.exists() for person in people):
        return 0
    return sum(
        ask(
            CheckQuestion(subject, what.recipient, what.service, what.scenario, what.items), day, count, days, reporters
        )
        for subject, what, on, count in ASKED
        for day in on
    )


def ask(question: CheckQuestion, day: int, count: int, days: Calendar, reporters: dict[str, Reporter]) -> int:
    with clock_at(days.ago(day, 15)):
        asked: Counter[Asked] = Counter(counted(permission_checks([question] * count, by=reporters[question.service])))
        add_questions(asked=asked)
    return asked.total()
