"""Follower that tells the owner of an account what the desk did to it, after the commit."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from disclosures.accounts.topics import ACCOUNT_CHANGED, AccountChanged
from disclosures.models import AccountStep
from privacycenter.mails import automatic_mail
from privacycenter.outbox.followers import Follower, Lane
from privacycenter.text.languages import speaking

account_notices = Follower("account_notices", lane=Lane.OUTSIDE)


@account_notices.follows(ACCOUNT_CHANGED)
def tell_owner(changed: AccountChanged) -> None:
    """Send a mail to the address that the owner had before. It names no reason: their record does.

    Sent at least once: if a worker dies between sending and recording it, the mail is sent again.
    """
    step = AccountStep.objects.filter(person_id=changed.person, id=changed.step).first()
    if step is None:
        return
    with speaking(settings.LANGUAGE_CODE):
        context = {"step": step, "address": settings.SITE_ADDRESS + reverse("my_access_list")}
        automatic_mail(_("About your account"), "accounts/mails/account_changed.txt", context, changed.address).send()
