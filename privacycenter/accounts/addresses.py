"""A person's e-mail address: it stays until another is proved, and is proved by the link to choose a password too."""

from typing import Any

from allauth.account.internal.flows.email_verification import send_verification_email_to_address
from allauth.account.models import EmailAddress
from allauth.account.signals import password_reset
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from privacycenter.models import User
from privacycenter.rate_limits.limits import RateLimit

DAY = 24 * 60 * 60
# Mails go to addresses that may be strangers'.
NEW_ADDRESSES = RateLimit("mail.new-address", 5, seconds=DAY)


def ask_for_proof(request: HttpRequest, person: User, address: str) -> EmailAddress:
    """Have this address wait for its proof in place of another that waits, and mail the link to it.

    The address in use stays, proved or not: allauth takes one that is not for one that waits, and removes it.
    """
    with transaction.atomic():
        person = User.objects.lock(person.pk)
        EmailAddress.objects.filter(user=person, verified=False).exclude(email__iexact=person.email).delete()
        row = EmailAddress.objects.create(user=person, email=address)
    send_verification_email_to_address(request, row)
    return row


@receiver(password_reset)
def prove_address(user: User, **_more: Any) -> None:
    """Take the only address of an account as proved by the link that was mailed to it, with which it chose a password.

    Of two addresses it is not known which mailbox was read; a link is void once the addresses change.
    """
    rows = list(EmailAddress.objects.filter(user=user))
    if [row.email.casefold() for row in rows] == [user.email.casefold()] and rows[0].set_verified():
        rows[0].set_as_primary(conditional=True)
