"""The people of the tests, and their browsers. The fixtures of each are in ``tests/conftest.py``."""

from django.contrib.auth.models import Group
from django.test import Client

from disclosures.approvers.actions import notice_approver
from privacycenter.models import User

PASSWORD = "correct horse battery staple"
LOGIN_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def make_user(username: str, *, groups: tuple[str, ...] = (), **more) -> User:
    """``groups``: the roles of the desk that this person has (editors, publishers, officers), long since."""
    user = User(username=username, subject=f"subject-{username}", display_name=username, **more)
    user.set_password(PASSWORD)
    user.save()
    if groups:
        user.groups.set(Group.objects.filter(name__in=groups))
    if user.is_staff:
        notice_approver(account=user, is_known=True)
    return user


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=LOGIN_BACKEND)
    return client
