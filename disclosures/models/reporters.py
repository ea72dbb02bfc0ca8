"""The machines of services that call the API."""

from allauth.idp.oidc.models import Client
from django.db import models
from django.utils.translation import gettext_lazy as _

from disclosures.models.content import Service
from privacycenter.models import NeverDeleted, NeverDeletedQuerySet


class ReporterQuerySet(NeverDeletedQuerySet["Reporter"]):
    def for_client(self, client_id: str) -> "Reporter | None":
        """The reporter behind these credentials, unless it was stopped. None for any other client."""
        return self.filter(client_id=client_id, stopped_at__isnull=True).first()


class Reporter(NeverDeleted):
    """One row is one machine that may report and ask, for its own services only. Its secret is stored hashed.

    The ledger names it, so it is stopped, never deleted.
    """

    code = models.SlugField(_("code"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=200, help_text=_("Shown to people as “reported by”."))
    client = models.OneToOneField(Client, models.PROTECT, related_name="reporter", verbose_name=_("credentials"))
    services = models.ManyToManyField(Service, related_name="reporters", verbose_name=_("may speak for"))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    stopped_at = models.DateTimeField(_("stopped at"), null=True, blank=True)

    objects = ReporterQuerySet.as_manager()

    class Meta:
        verbose_name = _("reporter")
        verbose_name_plural = _("reporters")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title
