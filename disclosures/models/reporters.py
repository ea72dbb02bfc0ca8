"""The machines of services that call the API."""

from typing import Any

from allauth.idp.oidc.models import Client, Token
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from disclosures.models.content import Service
from privacycenter.models import NeverDeleted, NeverDeletedQuerySet


class ReporterQuerySet(NeverDeletedQuerySet["Reporter"]):
    def with_token(self, token_hash: str) -> "Reporter | None":
        """The reporter that was given this token, with ``scopes``: those of the token that it still has. None if the
        token is unknown, revoked or past its time, or the reporter was stopped. One SQL statement."""
        found: Any = (
            self.filter(
                stopped_at__isnull=True,
                client__token__type=Token.Type.ACCESS_TOKEN,
                client__token__hash=token_hash,
                client__token__expires_at__gt=timezone.now(),
            )
            .annotate(token_scopes=models.F("client__token__scopes"), client_scopes=models.F("client__scopes"))
            .order_by()
            .first()
        )
        if found is not None:
            found.scopes = frozenset(found.token_scopes.split()) & frozenset(found.client_scopes.split())
        return found

    def for_client(self, client_id: str) -> "Reporter | None":
        """The reporter behind these credentials, unless it was stopped. None for any other client."""
        return self.filter(client_id=client_id, stopped_at__isnull=True).select_related("client").first()


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
    # What the caller's token allows, set by ``with_token``.
    scopes: frozenset[str] = frozenset()

    class Meta:
        verbose_name = _("reporter")
        verbose_name_plural = _("reporters")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title


class FormerSecret(models.Model):
    """One row is a secret that was replaced and still works until ``valid_until``, so that machines can be given the
    new one in their own time. Stored hashed, like the one in force."""

    reporter = models.ForeignKey(Reporter, models.CASCADE, related_name="former_secrets")
    secret = models.CharField(max_length=200)
    valid_until = models.DateTimeField()

    class Meta:
        verbose_name = _("former secret")
        verbose_name_plural = _("former secrets")

    def __str__(self) -> str:
        return f"{self.reporter_id}: {self.valid_until}"
