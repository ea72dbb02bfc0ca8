"""What is counted of the answers to permission checks."""

from collections.abc import Iterable, Iterator

from django.utils import timezone

from consents.checking.checks import Check, Reason
from consents.models import QuestionAnswer
from consents.question_log.asked import NOBODY, Asked
from privacycenter.errors import Refusal

NOT_APPROVED = {Reason.NO_DECISION, Reason.REQUEST_OPEN, Reason.EXPIRED}
REFUSED = {Reason.REFUSED, Reason.RULE, Reason.WITHDRAWN}


def counted(checks: Iterable[Check | Refusal]) -> Iterator[Asked]:
    """Yield what is counted of each answer. What names something that is not known here is about nothing."""
    today = timezone.localdate()
    for check in checks:
        if isinstance(check, Check) and check.about:
            rows, _terms, person = check.about
            yield Asked(person or NOBODY, today, rows.recipient.pk, rows.service.pk, int(answer_of(check)))


def answer_of(check: Check) -> QuestionAnswer:
    if check.allowed:
        return QuestionAnswer.ALLOWED
    if check.reason is Reason.REPORTER_PAUSED:
        return QuestionAnswer.PAUSED
    if any(check.items.values()):
        return QuestionAnswer.PARTLY
    if check.reason in REFUSED:
        return QuestionAnswer.REFUSED
    return QuestionAnswer.NOT_APPROVED if check.reason in NOT_APPROVED else QuestionAnswer.NOT_PROVIDED
