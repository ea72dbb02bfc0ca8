"""Follower that opens the case of a withdrawal when a disclosure of before it is reported, or shown, late."""

from django.utils import timezone

from consents.models import Decision, WithdrawalCase
from consents.withdrawals.actions import open_case_if_reported
from disclosures.ledger.topics import DISCLOSURES_RECORDED, DisclosuresRecorded
from disclosures.officers.topics import DISCLOSURE_SHOWN_AGAIN, ShownAgain
from privacycenter.models import User
from privacycenter.outbox.followers import Follower

cases = Follower("withdrawal-cases")


@cases.follows(DISCLOSURES_RECORDED)
def open_late_cases(recorded: DisclosuresRecorded) -> None:
    open_lacking({(person, recipient) for person, recipient, _flags in recorded.rows})


@cases.follows(DISCLOSURE_SHOWN_AGAIN)
def open_cases_of_released(shown: ShownAgain) -> None:
    """Open what withdrawals lacked while the law kept the disclosure from its person."""
    open_lacking({(shown.person, shown.recipient)})


def open_lacking(pairs: set[tuple[int, int]]) -> None:
    """Open the cases that withdrawals about these people and recipients lack. Usually one SQL statement."""
    people, recipients = {person for person, _recipient in pairs}, {recipient for _person, recipient in pairs}
    withdrawals = Decision.objects.filter(
        person_id__in=people, recipient_id__in=recipients, withdraws_id__isnull=False
    ).defer("text")
    found = [one for one in withdrawals if (one.person_id, one.recipient_id) in pairs]
    if not found:
        return
    opened = WithdrawalCase.objects.filter(whose_id__in=people, withdrawal_id__in=[one.id for one in found])
    known = set(opened.values_list("whose_id", "withdrawal_id"))
    for withdrawal in found:
        if (withdrawal.person_id, withdrawal.id) not in known:
            User.objects.lock(withdrawal.person_id)
            open_case_if_reported(withdrawal=withdrawal, at=timezone.now())
