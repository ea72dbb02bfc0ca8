"""Whose data went where: lists of affected people, as they were on the day that they were made."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from disclosures.models.ledger.events import person_key
from privacycenter.models import AppendOnly, AppendOnlyQuerySet

# Of one name in ``AffectedPerson.rows``.
NAME_LENGTH = 33


class AffectedListQuerySet(models.QuerySet["AffectedList"]):
    def newest_first(self) -> "AffectedListQuerySet":
        return self.order_by("-asked_at", "-id")

    def with_staff(self) -> "AffectedListQuerySet":
        return self.select_related("asked_by")


class AffectedList(models.Model):
    """One row is one list of people whose data went to a recipient, or from a service or reporter, in a period.

    ``filters``: name → code (``recipient``, ``service``, ``reporter``, ``scenario``), ``items`` → codes, ``since`` and
    ``until`` → times (RFC 3339; from, and up to but not including). It holds what was recorded by ``asked_at``, so it
    stays the same: the ledger never changes. The counts are 0 until ``counted_at``. ``asked_by`` is None
    for a command; ``role`` is their role at the time.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    filters = models.JSONField()
    reason = models.CharField(_("why"), max_length=500)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    role = models.CharField(max_length=60)
    asked_at = models.DateTimeField(_("asked at"))
    counted_at = models.DateTimeField(_("counted at"), null=True, blank=True)
    disclosure_count = models.PositiveBigIntegerField(_("disclosures"), default=0)
    person_count = models.PositiveBigIntegerField(_("people"), default=0)

    objects = AffectedListQuerySet.as_manager()

    class Meta:
        verbose_name = _("list of affected people")
        verbose_name_plural = _("lists of affected people")
        indexes = [models.Index(fields=["-asked_at"], name="affected_list_newest_first")]

    def __str__(self) -> str:
        return str(self.id)


class AffectedPerson(AppendOnly):
    """One row is one person on one list, with how many disclosures of theirs it is about. ``id`` is the list's.

    ``rows`` names them: ``d`` and the id of a disclosure that counts as it was reported, ``c`` and the id of a
    correction by which one counts; 33 characters each. Empty on a list that was made before they were kept.
    """

    pk = models.CompositePrimaryKey("person_id", "id")
    person = person_key("affected_lists")
    id = models.UUIDField(editable=False)
    disclosure_count = models.PositiveBigIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    listed_at = models.DateTimeField()
    rows = models.TextField(default="")

    objects: Any = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("person on a list of affected people")
        verbose_name_plural = _("people on lists of affected people")

    @property
    def row_ids(self) -> list[UUID]:
        """The ids of the disclosures and corrections that ``rows`` names."""
        starts = range(1, len(self.rows), NAME_LENGTH)
        return [UUID(self.rows[start : start + NAME_LENGTH - 1]) for start in starts]
