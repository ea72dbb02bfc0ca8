"""Staff accounts in the admin. Only superusers see people here."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _

from privacycenter.models import User


@admin.register(User)
class PersonAdmin(UserAdmin[User]):
    list_display = ("__str__", "username", "subject", "is_staff", "is_active")
    fieldsets = (
        (None, {"fields": ("username", "password", "display_name", "email", "subject")}),
        (_("Permissions"), {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
    )
    readonly_fields = ("subject",)
