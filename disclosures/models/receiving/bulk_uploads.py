"""Files of disclosures that reporters send in parts, and what became of each line."""

import json
import zlib
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from disclosures.models.receiving.reporters import Reporter


class UploadState(models.IntegerChoices):
    """Where an upload stands. ``code`` is its name in the API."""

    RECEIVING = 1, _("being sent")
    WAITING = 2, _("waiting to be recorded")
    RECORDING = 3, _("being recorded")
    RECORDED = 4, _("recorded")
    FAILED = 5, _("failed")
    CANCELLED = 6, _("cancelled")
    EXPIRED = 7, _("never completed")

    @property
    def code(self) -> str:
        return self.name.lower()


OPEN_STATES = (UploadState.RECEIVING, UploadState.WAITING, UploadState.RECORDING)
TO_RECORD = (UploadState.WAITING, UploadState.RECORDING)
# What can become of a line, as in the API. Each has its count.
RESULT_STATUSES = ("created", "duplicate", "conflict", "invalid")


class DisclosureUploadQuerySet(models.QuerySet["DisclosureUpload"]):
    def open(self) -> "DisclosureUploadQuerySet":
        """Keep those whose bytes are still needed."""
        return self.filter(state__in=OPEN_STATES)

    def ended(self) -> "DisclosureUploadQuerySet":
        return self.filter(ended_at__isnull=False)

    def newest_first(self) -> "DisclosureUploadQuerySet":
        return self.order_by("-id")


class DisclosureUpload(models.Model):
    """One row is one file of JSON Lines that a reporter sends in parts, and how far it is recorded.

    ``size_bytes`` and ``sha256`` (hex) are of the file as it is sent, which ``is_compressed`` with gzip or not.
    ``received_bytes``: how much of it has come. ``line_count`` and ``text_bytes`` are of what it holds, None until the
    worker has looked through it. ``done_lines`` and ``done_bytes``: the position in what it holds up to which all is
    recorded, written in the transaction that records. ``problem``: why it failed, as a problem of the API.
    Its bytes go when it ends; the row, and the results of its lines, 30 days later.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    reporter = models.ForeignKey(Reporter, models.PROTECT, related_name="uploads", verbose_name=_("reporter"))
    state = models.PositiveSmallIntegerField(choices=UploadState.choices, default=UploadState.RECEIVING)
    is_compressed = models.BooleanField(default=False)
    size_bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    received_bytes = models.PositiveBigIntegerField(default=0)
    line_count = models.PositiveBigIntegerField(null=True)
    text_bytes = models.PositiveBigIntegerField(null=True)
    done_lines = models.PositiveBigIntegerField(default=0)
    done_bytes = models.PositiveBigIntegerField(default=0)
    created_count = models.PositiveBigIntegerField(default=0)
    duplicate_count = models.PositiveBigIntegerField(default=0)
    conflict_count = models.PositiveBigIntegerField(default=0)
    invalid_count = models.PositiveBigIntegerField(default=0)
    flagged_count = models.PositiveBigIntegerField(default=0)
    problem = models.JSONField(default=dict)
    begun_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = DisclosureUploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("upload of disclosures")
        verbose_name_plural = _("uploads of disclosures")
        indexes = [
            models.Index(fields=["reporter", "-id"], name="upload_by_reporter_newest"),
            models.Index(fields=["ended_at"], name="upload_by_end"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class UploadPart(models.Model):
    """One row is one part of an upload: the bytes from ``offset`` on, kept in the site's store as ``file_name``.

    The row is there before its file, so that a killed process leaves no file of which nobody knows. It counts once
    ``is_taken``. Removed with its file when the upload ends.
    """

    upload = models.ForeignKey(DisclosureUpload, models.CASCADE, related_name="parts")
    offset = models.PositiveBigIntegerField()
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=80, unique=True)
    is_taken = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("part of an upload")
        verbose_name_plural = _("parts of uploads")
        constraints = [
            models.UniqueConstraint(
                fields=["upload", "offset"],
                condition=models.Q(is_taken=True),
                name="one_part_at_an_offset",
            )
        ]

    def __str__(self) -> str:
        return f"{self.upload_id}: {self.offset}"


class UploadBatch(models.Model):
    """One row is the results of the lines of an upload that were recorded in one transaction.

    ``packed``: one JSON object a line, compressed: about a tenth of a row for each. It names no person. The counts say
    where it pays to look for a status.
    """

    upload = models.ForeignKey(DisclosureUpload, models.CASCADE, related_name="batches")
    first_line = models.PositiveBigIntegerField()
    last_line = models.PositiveBigIntegerField()
    created_count = models.PositiveIntegerField(default=0)
    duplicate_count = models.PositiveIntegerField(default=0)
    conflict_count = models.PositiveIntegerField(default=0)
    invalid_count = models.PositiveIntegerField(default=0)
    packed = models.BinaryField()

    class Meta:
        verbose_name = _("results of an upload")
        verbose_name_plural = _("results of uploads")
        constraints = [
            models.UniqueConstraint(fields=["upload", "first_line"], name="one_result_of_a_line_of_an_upload")
        ]

    def __str__(self) -> str:
        return f"{self.upload_id}: {self.first_line}"

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The results, in the order of the lines. Blank lines have none."""
        return [json.loads(line) for line in zlib.decompress(bytes(self.packed)).splitlines()]


def packed(lines: list[dict[str, Any]]) -> bytes:
    """Return the results of lines as ``UploadBatch.packed`` has them."""
    return zlib.compress("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode())
