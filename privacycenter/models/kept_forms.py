"""What somebody typed at the desk and did not save: kept when their log-in had ended, and drafts."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class KeptForm(models.Model):
    """One row is one form that was sent without a log-in and is kept, encrypted, until its sender is back.

    ``account``: the key of the account whose log-in had ended; None if it is not known whose it was. Then ``browser``
    is the hash of the number by which that browser is known (``KnownDevice``), and the first who may see the page from
    there takes it.
    ``sealed``: the page, the address and the fields (``privacycenter.kept_forms.actions``).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.BigIntegerField(null=True)
    browser = models.CharField(max_length=64, blank=True)
    sealed = models.TextField()
    kept_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("kept form")
        verbose_name_plural = _("kept forms")

    def __str__(self) -> str:
        return str(self.id)


class Draft(models.Model):
    """One row is what one opening of a form of the desk had in it last, kept while somebody writes.

    ``id``: the number that the page was made with, so two windows with one form have two drafts. ``account``: the key
    of the writer's account. ``form``: the kind and the code of the entry, ``scenarios/online-booking``; without a code
    for a new one. ``sealed``: page, address and fields, encrypted; empty once the form was saved, so that a call that
    comes late keeps nothing. ``version``: how often it was kept. ``ended_at``: when it was saved or thrown away.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.BigIntegerField()
    form = models.CharField(max_length=200)
    sealed = models.TextField()
    version = models.PositiveIntegerField(default=1)
    kept_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        indexes = [models.Index(fields=["account", "form"], name="draft_of_account")]

    def __str__(self) -> str:
        return f"{self.form} {self.id}"
