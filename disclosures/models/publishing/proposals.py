"""Proposals: publishing with a second person's approval, or at a set time."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from disclosures.models.editing.change_sets import ChangeSet
from privacycenter.models import AppendOnly, AppendOnlyQuerySet


def staff(verbose_name: Any) -> models.ForeignKey[Any, Any]:
    """Return a foreign key to a member of staff."""
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=verbose_name)


class ProposalQuerySet(AppendOnlyQuerySet["Proposal"]):
    def open(self) -> "ProposalQuerySet":
        """Keep proposals without an outcome: they wait for approval or for their time."""
        return self.filter(outcome__isnull=True)

    def scheduled(self) -> "ProposalQuerySet":
        """Keep approved proposals that only wait for their time, earliest first."""
        return self.open().filter(approval__isnull=False, publish_at__isnull=False).order_by("publish_at", "pk")


class Proposal(AppendOnly):
    """One row is one state of all content, frozen when somebody proposed to publish it.

    ``document`` and ``sha256`` are as in a publication. ``base_number`` is the newest publication at that time (0:
    none). ``patch`` holds the changes alone (``publishing.merging.PatchEntry``): they are put onto whatever is
    published by the time, unless that changed the same. Without one, a proposal can only be published while that
    publication is still the newest. So it never undoes a later one. ``change_set`` is the set whose changes they are;
    None for all that waited. ``publish_at`` is None for "as soon as it is approved".
    """

    document = models.JSONField(_("document"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    base_number = models.PositiveIntegerField(_("based on number"))
    patch = models.JSONField(null=True)
    change_set = models.ForeignKey(
        ChangeSet, models.PROTECT, null=True, related_name="proposals", verbose_name=_("change set")
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    publish_at = models.DateTimeField(_("publish at"), null=True, blank=True)
    proposed_at = models.DateTimeField(_("proposed at"))
    proposed_by = staff(_("proposed by"))

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.pk}: {self.reason}"


class ProposalApproval(AppendOnly):
    """One row is a publisher's approval of a proposal."""

    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="approval", verbose_name=_("proposal"))
    approved_at = models.DateTimeField(_("approved at"))
    approved_by = staff(_("approved by"))

    class Meta:
        verbose_name = _("approval of a proposal")
        verbose_name_plural = _("approvals of proposals")

    def __str__(self) -> str:
        return f"{self.proposal_id}"


class Verdict(models.IntegerChoices):
    """How a proposal ended."""

    PUBLISHED = 1, _("published")
    REJECTED = 2, _("rejected")
    WITHDRAWN = 3, _("withdrawn")
    OUTDATED = 4, _("outdated: something else was published meanwhile")
    ALONE = 5, _("not published: nobody but its author had approved it")


class ProposalOutcome(AppendOnly):
    """One row is how one proposal ended.

    ``publication`` is the number it was published under, None otherwise. ``ended_by`` is None when a schedule ended it.
    """

    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="outcome", verbose_name=_("proposal"))
    verdict = models.PositiveSmallIntegerField(_("outcome"), choices=Verdict.choices)
    note = models.CharField(_("note"), max_length=500, blank=True)
    publication = models.PositiveIntegerField(_("publication"), null=True)
    ended_at = models.DateTimeField(_("ended at"))
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("ended by")
    )

    class Meta:
        verbose_name = _("outcome of a proposal")
        verbose_name_plural = _("outcomes of proposals")

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.get_verdict_display()}"
