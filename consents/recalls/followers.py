"""The follower that tells recipients by mail, and reminds those that have not answered."""

from contextlib import suppress

from consents.models import RecallClosure, RecallMail, RecallStep, RecallStepKind
from consents.recalls.actions import take_recall_step
from consents.recalls.mails import send_to_recipient
from consents.recalls.topics import RECALL_MAIL_ASKED, MailAsked
from privacycenter.errors import StepTooLate
from privacycenter.outbox.followers import Follower, Lane

recall_mails = Follower("recall-mails", lane=Lane.OUTSIDE)


@recall_mails.follows(RECALL_MAIL_ASKED)
def tell_recipient(asked: MailAsked) -> None:
    """Send the mail, and record that the recipient was told. A closed case is told of no more."""
    mail = RecallMail.objects.select_related("case__recipient__country", "asked_by").filter(pk=asked.mail).first()
    if mail is None or RecallClosure.objects.filter(case=mail.case).exists():
        return
    if asked.is_reminder and not waits_for_answer(mail):
        return
    send_to_recipient(mail=mail, is_reminder=asked.is_reminder)
    if not asked.is_reminder:
        with suppress(StepTooLate):
            take_recall_step(case=mail.case, kind=RecallStepKind.TOLD, is_delivery=True, by=mail.asked_by)


def waits_for_answer(mail: RecallMail) -> bool:
    """Whether the recipient has not answered this mail, and was sent none since."""
    steps = RecallStep.objects.filter(person_id=mail.case.whose_id, case_id=mail.case.case_id)
    is_answered = steps.filter(kind__gt=RecallStepKind.TOLD).exists()
    return not is_answered and not mail.case.mails.filter(pk__gt=mail.pk).exists()
