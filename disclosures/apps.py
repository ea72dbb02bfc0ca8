"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DisclosuresConfig(AppConfig):
    name = "disclosures"
    verbose_name = _("What is provided to whom")

    def ready(self) -> None:
        from disclosures.theme import checks  # noqa: F401  registers the system check
