"""What the desk did to an account: proposed by one member of staff, where that is demanded approved by another."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from disclosures.models.ledger.events import person_key
from privacycenter.models import AppendOnly, AppendOnlyQuerySet


class AccountChange(models.IntegerChoices):
    """What the desk can do to an account. It never sets a password, and never adds a log-in method."""

    BLOCKED = 1, _("log-in blocked")
    UNBLOCKED = 2, _("log-in allowed again")
    SESSIONS_ENDED = 3, _("logged out everywhere")
    FACTORS_REMOVED = 4, _("passkeys and second factors removed")
    ADDRESS_CHANGED = 5, _("e-mail address changed")
    ROLES_CHANGED = 6, _("roles changed")
    MADE = 7, _("staff account made")
    RESET_SENT = 8, _("mail to choose a password sent")
    ERASED = 9, _("erased")
    MERGED = 10, _("put together with another account of the same person")
    SEPARATED = 11, _("taken apart from another account again")
    REPRESENTED = 12, _("a representative entered: who may act for whom")

    @property
    def needs_second_person(self) -> bool:
        """Whether another member of staff has to approve it where ``SECOND_PERSON`` is set."""
        return self in NEED_SECOND_PERSON

    @property
    def always_needs_second_person(self) -> bool:
        """Whether somebody else has to approve it everywhere: mails that open the account go to its address."""
        return self is AccountChange.ADDRESS_CHANGED


# With these somebody could get into an account, get more rights, or lose a record, or see another's.
NEED_SECOND_PERSON = (
    AccountChange.UNBLOCKED, AccountChange.FACTORS_REMOVED, AccountChange.ADDRESS_CHANGED, AccountChange.ROLES_CHANGED,
    AccountChange.MADE, AccountChange.ERASED, AccountChange.MERGED, AccountChange.SEPARATED, AccountChange.REPRESENTED,
)  # fmt: skip


class AccountStage(models.IntegerChoices):
    PROPOSED = 1, _("proposed")
    DONE = 2, _("done")
    REFUSED = 3, _("refused")


class AccountStepQuerySet(AppendOnlyQuerySet["AccountStep"]):
    def waiting(self) -> "AccountStepQuerySet":
        """Select the proposals that nobody has answered."""
        answers = AccountStep.objects.filter(person_id=models.OuterRef("person_id"), change_id=models.OuterRef("id"))
        return self.filter(~models.Exists(answers.exclude(id=models.OuterRef("id"))), stage=AccountStage.PROPOSED)


class AccountStep(AppendOnly):
    """One row is one step of one change to an account. The account's owner can read it.

    ``change_id`` is the id of the change's first step. ``detail`` holds what the change needs beside its kind: roles,
    or the new address. ``staff_id`` is 0 for a command on the machine.
    """

    pk = models.CompositePrimaryKey("person_id", "id")
    person = person_key("account_steps")
    id = models.UUIDField(editable=False)
    change_id = models.UUIDField()
    kind = models.PositiveSmallIntegerField(choices=AccountChange.choices)
    stage = models.PositiveSmallIntegerField(choices=AccountStage.choices)
    detail = models.JSONField(default=dict)
    reason = models.CharField(max_length=500)
    staff_id = models.BigIntegerField()
    role = models.CharField(max_length=60)
    taken_at = models.DateTimeField()

    objects = AccountStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a change to an account")
        verbose_name_plural = _("steps of changes to accounts")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "change_id", "stage"], name="a_change_to_an_account_is_answered_once"
            )
        ]

    @property
    def change(self) -> AccountChange:
        return AccountChange(self.kind)
