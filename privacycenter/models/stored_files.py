"""Files that are kept in the database (``privacycenter.storage``)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def called(self, name: str) -> "StoredFileQuerySet":
        """Select the complete file of this name: there is one at most."""
        return self.filter(name=name, completed_at__isnull=False)


class StoredFile(models.Model):
    """One row is one file. Nobody finds it before ``completed_at``.

    ``name``: made by who stores it; it tells nothing of the file. ``sealed_key`` is the key of its chunks, encrypted
    under the site's. Deleted with its chunks when its time is over.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    name = models.CharField(max_length=150)
    sealed_key = models.TextField()
    size_bytes = models.PositiveBigIntegerField(default=0)
    begun_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(completed_at__isnull=False), name="one_file_of_a_name"
            )
        ]

    def __str__(self) -> str:
        return self.name


class FileChunk(models.Model):
    """One row is one piece of a file, encrypted; never changed, only deleted with its file."""

    pk = models.CompositePrimaryKey("file_id", "number")
    file = models.ForeignKey(StoredFile, models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    body = models.BinaryField()

    class Meta:
        verbose_name = _("piece of a file")
        verbose_name_plural = _("pieces of files")

    def __str__(self) -> str:
        return f"{self.file_id}: {self.number}"
