"""Where accounts come from, as their subject says."""

from privacycenter.models import User
from privacycenter.models.people import LOCAL_PREFIX

STAFF_PREFIX = "staff:"
# What is left of a person who was erased.
ERASED_PREFIX = "erased:"


def is_ours_alone(subject: str) -> bool:
    """Return whether a subject is of a kind that we give, so that the company's log-in cannot vouch for it."""
    return subject.startswith((LOCAL_PREFIX, STAFF_PREFIX, ERASED_PREFIX))


def is_of_staff_log_in(user: User) -> bool:
    """Return whether the account was made by the log-in of staff, which alone opens it."""
    return user.subject.startswith(STAFF_PREFIX)
