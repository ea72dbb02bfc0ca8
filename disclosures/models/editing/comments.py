"""What colleagues say to each other about a text at the desk. Never public, and in no pack."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from privacycenter.models import AppendOnly


class Comment(AppendOnly):
    """One row is one comment on a field of an entry, as it was written first. It stays when the entry is deleted.

    ``thread``: the comment that it answers, which begins its thread; None for one that begins one.
    """

    kind = models.CharField(max_length=30)
    code = models.CharField(max_length=60)
    field = models.CharField(max_length=60)
    thread = models.ForeignKey("self", models.PROTECT, null=True, related_name="replies")
    text = models.TextField(_("text"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="comments", verbose_name=_("by")
    )
    written_at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        indexes = [
            models.Index(fields=["kind", "code", "field"], name="comment_by_field"),
            models.Index(fields=["written_at"], name="comment_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}/{self.code}/{self.field} {self.pk}"


class CommentStepKind(models.TextChoices):
    EDITED = "edited", _("changed")
    WITHDRAWN = "withdrawn", _("withdrawn")
    RESOLVED = "resolved", _("resolved")
    REOPENED = "reopened", _("opened again")


THREAD_STEPS = (CommentStepKind.RESOLVED, CommentStepKind.REOPENED)


class CommentStep(AppendOnly):
    """One row is what became of a comment (``text``: its new words) or, of one that begins a thread, of the thread."""

    comment = models.ForeignKey(Comment, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=CommentStepKind.choices)
    text = models.TextField(_("text"), blank=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="comment_steps", verbose_name=_("by")
    )
    taken_at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("step of a comment")
        verbose_name_plural = _("steps of comments")

    def __str__(self) -> str:
        return f"{self.comment_id}: {self.kind}"


class CommentMention(AppendOnly):
    """One row is one colleague whom a comment names. They are told of it."""

    comment = models.ForeignKey(Comment, models.PROTECT, related_name="mentions")
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="comment_mentions", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("naming in a comment")
        verbose_name_plural = _("namings in comments")
        constraints = [models.UniqueConstraint(fields=["comment", "staff"], name="colleague_named_once")]

    def __str__(self) -> str:
        return f"{self.comment_id}: {self.staff_id}"


class CommentMails(models.TextChoices):
    """Of which comments a member of staff is told by mail."""

    TAKEN_PART = "taken_part", _("When somebody names me, or goes on with a thread in which I wrote")
    NAMED = "named", _("When somebody names me")
    NEVER = "never", _("Never")


class CommentMailChoice(AppendOnly):
    """One row is one choice of a member of staff. The newest counts; without one, the first of ``CommentMails``."""

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="comment_mail_choices", verbose_name=_("by")
    )
    wanted = models.CharField(_("of which comments"), max_length=10, choices=CommentMails.choices)
    chosen_at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("choice about mails of comments")
        verbose_name_plural = _("choices about mails of comments")

    def __str__(self) -> str:
        return f"{self.staff_id}: {self.wanted}"
