"""Followers that take a published set back at the end of its time, and tell its owner where that cannot be."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from disclosures.change_sets.merge_actions import take_back_at_end
from disclosures.change_sets.topics import SET_NOT_ENDED, SetNotEnded
from disclosures.models import ChangeSet, ChangeSetStep
from disclosures.proposals.mail_languages import language_of
from disclosures.publishing.topics import SET_UNTIL, SetUntil
from privacycenter.mails import automatic_mail
from privacycenter.outbox.followers import Follower, Lane
from privacycenter.text.languages import speaking

set_ends = Follower("set_ends")
set_mails = Follower("set_mails", lane=Lane.OUTSIDE)


@set_ends.follows(SET_UNTIL)
def take_back_when_due(due: SetUntil) -> None:
    """Take a published set back at its end. Repeating takes it back once."""
    take_back_at_end(change_set=ChangeSet.objects.get(pk=due.change_set))


@set_mails.follows(SET_NOT_ENDED)
def tell_owner(told: SetNotEnded) -> None:
    """Send one mail to the owner of a set that could not be taken back. Sent at least once."""
    step = ChangeSetStep.objects.select_related("change_set__owner").get(pk=told.step)
    owner = step.change_set.owner
    if owner is None or not (owner.email and owner.is_active):
        return
    with speaking(language_of(owner)):
        address = settings.SITE_ADDRESS + reverse("admin:change_set", args=[step.change_set_id])
        context = {"step": step, "address": address}
        subject = _("A change set could not be taken back at its end")
        automatic_mail(subject, "change_sets/mails/not_ended.txt", context, owner.email).send()
