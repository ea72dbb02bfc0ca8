"""Exports: files with a person's record, made for that person."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from disclosures.models.ledger.events import person_key


class ExportFormat(models.TextChoices):
    """File formats: PDF to read and hand on, CSV for spreadsheets, JSON for other programs."""

    PDF = "pdf", _("PDF")
    CSV = "csv", _("CSV")
    JSON = "json", _("JSON")


class ExportFailure(models.TextChoices):
    """Why a file was given up."""

    TIME = "time", _("It took too long, so we stopped.")
    ROOM = "room", _("There was no room for the file on our side.")
    FAULT = "fault", _("It could not be written. The fault is on our side and is recorded.")


class ExportQuerySet(models.QuerySet["Export"]):
    def newest_first(self) -> "ExportQuerySet":
        return self.order_by("-requested_at", "-id")

    def made_by_staff(self) -> "ExportQuerySet":
        return self.filter(staff_id__isnull=False)

    def being_made(self) -> "ExportQuerySet":
        return self.filter(ready_at__isnull=True, failed_at__isnull=True, expired_at__isnull=True)

    def awaited(self) -> "ExportQuerySet":
        """Those of ``being_made`` whose time is not over."""
        return self.being_made().exclude(give_up_at__lte=timezone.now())


class Export(models.Model):
    """One row is one file with a person's record that the person asked for.

    A small one is sent at once and leaves no file: ``ready_at`` is when that began, ``fetched_at`` when the last byte
    was sent; without it the sending broke off. ``query`` is the query string of the list that the export is limited to;
    empty means the whole record. ``done_count`` of ``row_count`` disclosures are in the file so far. ``held_until`` is
    in the future while a worker makes the file, and ``attempt_count`` says how often one began. What is not ready at
    ``give_up_at`` has failed. ``file_name`` is a random name in the site's store of files; empty until the file is
    ready and after its deletion. ``staff_id``: the officer who had it made for a person who cannot log in;
    ``handed_to``: the address to which the link of its page that opens once goes, if it is handed over so.
    """

    pk = models.CompositePrimaryKey("person_id", "id")
    person = person_key("exports")
    id = models.UUIDField(editable=False)
    format = models.CharField(_("format"), max_length=4, choices=ExportFormat.choices)
    query = models.CharField(max_length=2000, blank=True)
    language = models.CharField(_("language"), max_length=10)
    row_count = models.PositiveIntegerField(default=0)
    done_count = models.PositiveIntegerField(default=0)
    size_bytes = models.PositiveBigIntegerField(default=0)
    file_name = models.CharField(max_length=80, blank=True)
    requested_at = models.DateTimeField(_("requested at"))
    held_until = models.DateTimeField(null=True, blank=True)
    give_up_at = models.DateTimeField(null=True, blank=True)
    attempt_count = models.PositiveSmallIntegerField(default=0, db_default=0)
    ready_at = models.DateTimeField(null=True, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=10, choices=ExportFailure.choices, blank=True, default="", db_default="")
    expires_at = models.DateTimeField(null=True, blank=True)
    expired_at = models.DateTimeField(null=True, blank=True)
    staff_id = models.BigIntegerField(null=True, blank=True)
    handed_to = models.EmailField(max_length=254, blank=True, default="", db_default="")

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        indexes = [models.Index(fields=["person", "-requested_at"], name="export_by_person_newest")]
        permissions = [("export_for_person", "Can have a record exported for its person")]

    def __str__(self) -> str:
        return f"{self.format}: {self.id}"
