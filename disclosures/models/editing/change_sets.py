"""Change sets: changes that belong together, under a name. What happened to one is written down and never changed."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from privacycenter.models import AppendOnly, AppendOnlyQuerySet, NeverDeleted, NeverDeletedQuerySet


class SetState(models.IntegerChoices):
    """Where a change set stands."""

    OPEN = 1, _("open")
    PUBLISHED = 2, _("published")
    DISCARDED = 3, _("discarded")


class ChangeSetQuerySet(NeverDeletedQuerySet["ChangeSet"]):
    def open(self) -> "ChangeSetQuerySet":
        return self.filter(state=SetState.OPEN)

    def ended(self) -> "ChangeSetQuerySet":
        return self.exclude(state=SetState.OPEN)

    def in_the_rows(self) -> "ChangeSetQuerySet":
        """Keep open sets whose changes are in the working copy, the oldest first."""
        return self.open().filter(is_aside=False).order_by("pk")

    def under_embargo(self, at: datetime) -> "ChangeSetQuerySet":
        return self.open().filter(Q(embargo_until__isnull=True) | Q(embargo_until__gt=at), is_embargoed=True)


class ChangeSet(NeverDeleted):
    """One row is one change set. Its name may be secret: it is shown at the desk alone.

    ``owner`` is None for what a command did. ``is_default``: made by itself for what its owner changes.
    ``is_aside``: what it holds is not in the working copy, because it was taken out. ``publication`` is the number that
    it was published under. ``reverses``: the published set that this one takes back.
    """

    name = models.CharField(_("name"), max_length=120)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="change_sets", verbose_name=_("owner")
    )
    is_default = models.BooleanField(default=False)
    is_aside = models.BooleanField(default=False)
    is_embargoed = models.BooleanField(_("under embargo"), default=False)
    embargo_until = models.DateTimeField(_("embargo until"), null=True, blank=True)
    publish_until = models.DateTimeField(_("publish until"), null=True, blank=True)
    state = models.PositiveSmallIntegerField(_("status"), choices=SetState.choices, default=SetState.OPEN)
    publication = models.PositiveIntegerField(_("publication"), null=True)
    reverses = models.ForeignKey("self", models.PROTECT, null=True, related_name="reversals")
    created_at = models.DateTimeField(_("created at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)

    objects = ChangeSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("change set")
        verbose_name_plural = _("change sets")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "-id"], name="change_set_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["owner"], condition=Q(state=1, is_default=True), name="one_open_default_set_of_an_owner"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.state == SetState.OPEN

    @property
    def is_held_back(self) -> bool:
        """Whether it is under embargo now."""
        return self.is_embargoed and (self.embargo_until is None or self.embargo_until > timezone.now())


class ChangeSetEntry(models.Model):
    """One row is one entry that a change set changes.

    ``base`` is the published entry when the set first touched it or was last brought up to date, ``entry`` the whole
    entry with the set's changes. None: it is not there. The set changes what differs between the two.
    """

    change_set = models.ForeignKey(ChangeSet, models.PROTECT, related_name="entries", verbose_name=_("change set"))
    kind = models.CharField(_("kind"), max_length=20)
    code = models.CharField(_("code"), max_length=60)
    base = models.JSONField(null=True)
    entry = models.JSONField(null=True)

    class Meta:
        verbose_name = _("entry of a change set")
        verbose_name_plural = _("entries of change sets")
        indexes = [models.Index(fields=["kind", "code"], name="change_set_entry_by_code")]
        constraints = [
            models.UniqueConstraint(fields=["change_set", "kind", "code"], name="entry_once_in_a_change_set")
        ]

    def __str__(self) -> str:
        return f"{self.change_set_id}: {self.kind} {self.code}"


class CurrentChangeSet(models.Model):
    """One row is the change set that an editor's changes go into now."""

    editor = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, primary_key=True, related_name="+", verbose_name=_("by")
    )
    change_set = models.ForeignKey(ChangeSet, models.PROTECT, related_name="+", verbose_name=_("change set"))

    class Meta:
        verbose_name = _("current change set")
        verbose_name_plural = _("current change sets")

    def __str__(self) -> str:
        return f"{self.editor_id}: {self.change_set_id}"


class ChangeSetStepKind(models.IntegerChoices):
    """What happened to a change set."""

    MADE = 1, _("made")
    RENAMED = 2, _("renamed")
    EMBARGOED = 3, _("put under embargo")
    LIFTED = 4, _("embargo lifted")
    LIMITED = 5, _("the end of its publication was set")
    MOVED = 6, _("changes were moved")
    MERGED = 7, _("brought up to date with what was published since")
    PUBLISHED = 8, _("published")
    DISCARDED = 9, _("discarded")
    REOPENED = 10, _("reopened")
    NOT_ENDED = 11, _("could not be taken back at its end")


class ChangeSetStepQuerySet(AppendOnlyQuerySet["ChangeSetStep"]):
    def oldest_first(self) -> "ChangeSetStepQuerySet":
        return self.order_by("pk")


class ChangeSetStep(AppendOnly):
    """One row is one thing that happened to a change set. ``by`` is None for a command or a set time."""

    change_set = models.ForeignKey(ChangeSet, models.PROTECT, related_name="steps", verbose_name=_("change set"))
    kind = models.PositiveSmallIntegerField(_("kind"), choices=ChangeSetStepKind.choices)
    note = models.CharField(_("note"), max_length=500, blank=True)
    happened_at = models.DateTimeField(_("when"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))

    objects = ChangeSetStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a change set")
        verbose_name_plural = _("steps of change sets")

    def __str__(self) -> str:
        return f"{self.change_set_id}: {self.get_kind_display()}"
