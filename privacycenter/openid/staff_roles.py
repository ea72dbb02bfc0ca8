"""The accounts of staff that the log-in of staff makes and gives its roles."""

from django.contrib.auth.models import Group
from django.db import transaction

from privacycenter.accounts.subjects import STAFF_PREFIX
from privacycenter.models import User
from privacycenter.openid.role_map import ADMINISTRATORS
from privacycenter.text.legible import legible_name


@transaction.atomic
def admit_staff(*, subject: str, name: str, roles: set[str]) -> User:
    """Return the staff account of this subject of the staff log-in, with exactly these roles; without any it is none.

    The account has neither password nor address, so that nothing but the staff log-in opens it.
    """
    user, is_new = User.objects.get_or_create(subject=f"{STAFF_PREFIX}{subject}")
    user.display_name = legible_name(name) or user.display_name
    user.is_staff, user.is_superuser = bool(roles), ADMINISTRATORS in roles
    if is_new:
        user.set_unusable_password()
    user.save()
    user.groups.set(Group.objects.filter(name__in=roles))
    user.user_permissions.clear()
    return user
