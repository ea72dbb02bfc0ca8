"""Follower that tells all who may approve of a new one, after the commit."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from disclosures.approvers.queries import NewApprover, approvers
from disclosures.approvers.topics import APPROVER_NOTICED, ApproverNoticed
from disclosures.models import Approver
from privacycenter.mails import automatic_mail
from privacycenter.outbox.followers import Follower, Lane
from privacycenter.text.languages import speaking

approver_mails = Follower("approver_mails", lane=Lane.OUTSIDE)


@approver_mails.follows(APPROVER_NOTICED)
def tell_approvers(noticed: ApproverNoticed) -> None:
    """Send one mail to each approver who has an address, the new one too.

    Sent at least once: if a worker dies between sending and recording it, the mails are sent again.
    """
    row = Approver.objects.select_related("account").get(pk=noticed.row)
    with speaking(settings.LANGUAGE_CODE):
        context = {
            "new": NewApprover(row.account, row.noticed_at),
            "address": settings.SITE_ADDRESS + reverse("admin:proposals"),
        }
        for address in sorted({one.email for one in approvers() if one.email}):
            automatic_mail(_("Somebody new may approve"), "approvers/mails/new_approver.txt", context, address).send()
