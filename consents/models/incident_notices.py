"""Who was told of an incident, and how."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from disclosures.models import WayTold
from disclosures.models.ledger.events import person_key
from privacycenter.models import AppendOnly, AppendOnlyQuerySet


class IncidentNotice(AppendOnly):
    """One row is one person who was told of one incident. ``id`` is the incident's; ``list_id`` the list that has them.

    ``way`` is how they could be told then. Whoever can be told in no way finds it once they log in.
    """

    pk = models.CompositePrimaryKey("person_id", "id")
    person = person_key("incident_notices")
    id = models.UUIDField(editable=False)
    list_id = models.UUIDField()
    way = models.PositiveSmallIntegerField(choices=WayTold.choices)
    told_at = models.DateTimeField()

    objects: Any = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("person told of an incident")
        verbose_name_plural = _("people told of incidents")
