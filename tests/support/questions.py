"""Questions of services as they were counted."""

from datetime import timedelta

from django.utils import timezone

from consents.models import QuestionAnswer
from consents.question_log.actions import add_questions
from consents.question_log.asked import NOBODY, Asked
from disclosures.models import Recipient, Service


def asked(
    person=None, count=1, *, answer=QuestionAnswer.REFUSED, recipient="northwind-analytics", service="jalan", days_ago=0
):
    """Count so many questions of one service about a person, or about somebody who is not known."""
    keys = Recipient.objects.get(code=recipient).pk, Service.objects.get(code=service).pk
    day = timezone.localdate() - timedelta(days=days_ago)
    add_questions(asked={Asked(person.pk if person else NOBODY, day, *keys, int(answer)): count})
