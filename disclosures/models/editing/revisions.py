"""History of the working copy: who changed which text and when. Written with every change, never changed itself."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from disclosures.models.editing.change_sets import ChangeSet
from privacycenter.models import AppendOnly


class Revision(AppendOnly):
    """One row is one change of one entry of the working copy.

    ``kind`` and ``code`` name the entry as a publication's document does (``scenarios``, ``online-booking``).
    ``before`` and ``after`` are its entries in that document: None before it was created or after it was deleted.
    ``changed_by`` is None for a command, and for a reporter that named the entry: ``reporter``, without a constraint
    because this table points to people. ``change_set`` is the set that the change went into; None for one from before
    there were sets, and for one that only follows what was published or taken out.
    """

    kind = models.CharField(_("kind"), max_length=20)
    code = models.CharField(_("code"), max_length=60)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    changed_at = models.DateTimeField(_("changed at"))
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("changed by")
    )
    change_set = models.ForeignKey(
        ChangeSet, models.PROTECT, null=True, related_name="revisions", verbose_name=_("change set")
    )
    reporter = models.ForeignKey(
        "Reporter", models.DO_NOTHING, null=True, related_name="+", db_constraint=False, verbose_name=_("reporter")
    )

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["kind", "code", "-id"], name="revision_by_entry")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.code}"
