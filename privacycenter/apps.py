"""App configurations: this app, and Django's admin with our own site class."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class PrivacyCenterConfig(AppConfig):
    default = True
    name = "privacycenter"
    verbose_name = _("Privacy Center")

    def ready(self) -> None:
        from privacycenter.accounts import addresses  # noqa: F401  follows a signal of allauth
        from privacycenter.database import checks  # noqa: F401  registers the system checks
        from privacycenter.http import key_addresses  # noqa: F401  registers the path converter
        from privacycenter.outbox import checks as outbox_checks  # noqa: F401


class AdminConfig(admin_apps.AdminConfig):
    default = False
    default_site = "consents.desk.Desk"
