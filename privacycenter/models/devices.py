"""The browsers in which people logged in, so that a log-in from another one is noticed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class KnownDevice(models.Model):
    """One row is one browser in which one person logged in.

    ``id`` is the hash of the person and of the number that the browser keeps in its cookie, so rows tell nobody who
    shares a browser. ``user_agent``: as the browser named itself at its latest log-in.
    """

    pk = models.CompositePrimaryKey("person_id", "id")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, related_name="known_devices", db_constraint=False, db_index=False
    )
    id = models.UUIDField(editable=False)
    user_agent = models.CharField(max_length=200, blank=True)
    first_at = models.DateTimeField()
    latest_at = models.DateTimeField()

    class Meta:
        verbose_name = _("known device")
        verbose_name_plural = _("known devices")

    def __str__(self) -> str:
        return self.user_agent
