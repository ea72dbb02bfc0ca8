"""Followers that tell recipients by mail, and remind those that have not answered."""

from contextlib import suppress

from consents.models import RecallCase, RecallClosure, RecallMail, RecallStepKind
from consents.recalls.actions import remind_recipients, take_recall_step
from consents.recalls.mails import send_to_recipient
from consents.recalls.topics import RECALL_MAIL_ASKED, RECALL_REMINDER_DUE, CaseDue, MailAsked
from privacycenter.errors import StepTooLate
from privacycenter.outbox.followers import Follower, Lane

recall_mails = Follower("recall-mails", lane=Lane.OUTSIDE)
recall_reminders = Follower("recall-reminders")


@recall_mails.follows(RECALL_MAIL_ASKED)
def tell_recipient(asked: MailAsked) -> None:
    """Send the mail, and record that the recipient was told. A closed case is told of no more."""
    mail = RecallMail.objects.select_related("case__recipient__country", "asked_by").filter(pk=asked.mail).first()
    if mail is None or RecallClosure.objects.filter(case=mail.case).exists():
        return
    send_to_recipient(mail=mail, is_reminder=asked.is_reminder)
    if not asked.is_reminder:
        with suppress(StepTooLate):
            take_recall_step(case=mail.case, kind=RecallStepKind.TOLD, is_delivery=True, by=mail.asked_by)


@recall_reminders.follows(RECALL_REMINDER_DUE)
def remind(due: CaseDue) -> None:
    case = RecallCase.objects.open().filter(pk=due.case).first()
    if case:
        remind_recipients(case=case)
