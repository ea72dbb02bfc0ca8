"""Why two accounts cannot be put together, or not taken apart."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from privacycenter.accounts.subjects import ERASED_PREFIX
from privacycenter.models import User
from privacycenter.models.people import MOST_ACCOUNTS


class Obstacle(TextChoices):
    SAME = "same", _("This is one and the same account.")
    STAFF = "staff", _("An account of staff is never put together with another.")
    ERASED = "erased", _("One of the two was erased.")
    PUT_IN = "put-in", _("This account was put into another before. Take them apart first.")
    HAS_OTHERS = "has-others", _("Other accounts were put into this one. Put the other account into this one instead.")
    INTO_PUT_IN = "into-put-in", _("The other account was itself put into another. Name that one.")
    TOO_MANY = "too-many", _("So many accounts cannot be one person here.")
    NOT_TOGETHER = "not-together", _("These accounts are not together.")


def obstacle_to_merging(account: User, into: User) -> Obstacle | None:
    """Return why this account cannot be put into that one. None if it can. No SQL."""
    both = (account, into)
    found = {
        Obstacle.SAME: account.pk == into.pk,
        Obstacle.STAFF: any(one.is_staff or one.is_superuser for one in both),
        Obstacle.ERASED: any(one.subject.startswith(ERASED_PREFIX) for one in both),
        Obstacle.PUT_IN: account.merged_into_id is not None,
        Obstacle.HAS_OTHERS: len(account.keys) > 1,
        Obstacle.INTO_PUT_IN: into.merged_into_id is not None,
        Obstacle.TOO_MANY: len(into.keys) >= MOST_ACCOUNTS,
    }
    return next((obstacle for obstacle, stands in found.items() if stands), None)
