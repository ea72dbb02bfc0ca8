"""Writing down who may approve from now on, and who no longer."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from disclosures.approvers.queries import approvers, newest_rows
from disclosures.approvers.topics import APPROVER_NOTICED, ApproverNoticed
from disclosures.models import Approver
from privacycenter.models import User
from privacycenter.outbox.leaving import leave


def notice_approvers() -> None:
    """Write down every account that may approve by now, and is not written down so, and those that no longer may.

    The worker does so every few minutes: rights also come by commands and by the log-in of staff. Two SQL
    statements if nothing changed.
    """
    now = set(approvers().values_list("pk", flat=True))
    before = set(newest_rows().filter(is_approver=True).values_list("account_id", flat=True))
    for pk in sorted(now ^ before):
        notice_approver(account=User(pk=pk), is_known=False)


@transaction.atomic
def notice_approver(*, account: User, is_known: bool) -> None:
    """Write down whether this account may approve, if that is new. ``is_known``: by a second person's word.

    Where a second person is needed, the other approvers are told of one who is not known.
    """
    User.objects.lock(account.pk)
    row = Approver.objects.filter(account_id=account.pk).order_by("-pk").first()
    is_approver = approvers().filter(pk=account.pk).exists()
    was, was_known = (row.is_approver, row.is_known) if row else (False, False)
    if is_approver == was and not (is_approver and is_known and not was_known):
        return
    made = Approver.objects.create(
        account_id=account.pk, is_approver=is_approver, is_known=is_known and is_approver, noticed_at=timezone.now()
    )
    if settings.SECOND_PERSON and is_approver and not is_known:
        leave(APPROVER_NOTICED, ApproverNoticed(row=made.pk))
