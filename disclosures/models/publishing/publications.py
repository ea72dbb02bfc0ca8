"""Publications: frozen states of all public content."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from privacycenter.models import AppendOnly, AppendOnlyQuerySet


class PublicationQuerySet(AppendOnlyQuerySet["Publication"]):
    def newest(self) -> "Publication | None":
        return self.order_by("-number").first()

    def in_force_at(self, moment: datetime) -> "Publication | None":
        """Return the publication that visitors saw at this moment. None if nothing had been published."""
        return self.filter(published_at__lte=moment).order_by("-number").first()

    def first_of_all(self) -> "Publication | None":
        return self.order_by("number").first()


class Publication(AppendOnly):
    """One row is one frozen, numbered state of all public content in all languages.

    Visitors see the one with the largest number. Rolling back is publishing an old document again under a new number.
    ``sha256`` is over the document's canonical JSON (RFC 8785), as 64 hexadecimal digits.
    """

    number = models.PositiveIntegerField(_("number"), primary_key=True)
    document = models.JSONField(_("document"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    published_at = models.DateTimeField(_("published at"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("published by")
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.number}"
