"""Two accounts of one person, put together."""

from consents.checking.checks import Check, permission_check
from consents.people.merging_actions import merge_people, separate_people
from privacycenter.models import User
from tests.support.people import make_user

WHY = "同じ人であることを本人確認書類で確かめた"


def put_together(account, into, **more):
    """Put the account into the other. Return both as they are then."""
    merge_people(account=account, into=into, reason=WHY, **more)
    return as_now(account), as_now(into)


def take_apart(account, into, **more):
    separate_people(account=as_now(account), into=as_now(into), reason=WHY, **more)
    return as_now(account), as_now(into)


def as_now(account) -> User:
    return User.objects.get(pk=account.pk)


def second_account() -> User:
    """Another account of hanako's, as the company's log-in knew her before."""
    return make_user("hanako-old", email="old@example.jp")


def check(person, reporter, *items) -> Check:
    """Whether these items of the person, the name alone if none is given, may go to the survey's recipient."""
    return permission_check(
        subject=person.subject, recipient="northwind-analytics", service="jalan", scenario="survey-results",
        items=items or ("name",), by=reporter,
    )  # fmt: skip
