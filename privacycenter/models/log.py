"""The log that makes a record provable: what is public (bundles, tiles, checkpoints), and what only its people see."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from privacycenter.models.bases import AppendOnly

# An entry's id is the sequence times this, plus the number in it.
SEQUENCE_STEP = 2**32


def of_person(related_name: str) -> models.ForeignKey[Any, Any]:
    """Return the key to the person who owns a row. Without a constraint, as all such keys (docs/decisions/0005)."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, related_name=related_name, db_constraint=False, db_index=False
    )


class RowKind(models.IntegerChoices):
    """Which table a sealed row is of. All of them together are one person's record."""

    DISCLOSURE = 1, _("disclosure")
    CORRECTION = 2, _("correction")
    REQUEST = 3, _("approval request")
    CANCELLATION = 4, _("cancelled request")
    DECISION = 5, _("decision")
    RULE = 6, _("standing rule")
    STEP = 7, _("step after a withdrawal")
    RECALL = 8, _("recall")
    RECALL_STEP = 9, _("step of a recall")
    COUNTERSIGNATURE = 10, _("signature of a recipient")

    @property
    def code(self) -> str:
        return self.name.lower()


class SequenceState(models.IntegerChoices):
    """What a sequence of numbers is: the one that the person is shown, one that another took the place of, one that
    holds a single row which the law keeps from the person, or one of a log that was given up."""

    CURRENT = 1, _("current")
    FORMER = 2, _("former")
    KEPT_BACK = 3, _("kept back")
    GIVEN_UP = 4, _("of a former log")


class PersonKey(models.Model):
    """One row is one sequence of a person's rows in the log, with the key that its labels are made with.

    ``last_number`` never goes down, so that no number is used twice after rows are removed.
    """

    pk = models.CompositePrimaryKey("person_id", "id")
    person = of_person("log_keys")
    id = models.IntegerField()
    key = models.BinaryField(max_length=32)
    state = models.PositiveSmallIntegerField(choices=SequenceState.choices, default=SequenceState.CURRENT)
    last_number = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("key of a record in the log")
        verbose_name_plural = _("keys of records in the log")

    def __str__(self) -> str:
        return f"{self.person_id}/{self.id}"


class LogEntry(AppendOnly):
    """One row is one entry of the log that commits to one row of a person's record.

    ``id`` is the sequence times ``SEQUENCE_STEP`` plus the number in it; ``place`` is where it stands in the log;
    ``salt`` opens it. ``written_at`` is when the row was written that it commits to: it goes when that row goes.
    """

    pk = models.CompositePrimaryKey("person_id", "id")
    person = of_person("log_entries")
    id = models.BigIntegerField()
    place = models.BigIntegerField()
    kind = models.PositiveSmallIntegerField(choices=RowKind.choices)
    row_id = models.UUIDField()
    salt = models.BinaryField(max_length=16)
    written_at = models.DateTimeField()

    class Meta:
        verbose_name = _("entry of the log")
        verbose_name_plural = _("entries of the log")

    @property
    def number(self) -> int:
        return self.id % SEQUENCE_STEP

    @property
    def sequence(self) -> int:
        return self.id // SEQUENCE_STEP


class RemovedEntry(models.Model):
    """One row is an entry of the log whose row was removed at the end of its time. ``id`` and ``place``: as there.

    With them the person is shown that something stood there, and that it was old enough to go.
    """

    pk = models.CompositePrimaryKey("person_id", "id")
    person = of_person("removed_log_entries")
    id = models.BigIntegerField()
    place = models.BigIntegerField()

    class Meta:
        verbose_name = _("removed entry of the log")
        verbose_name_plural = _("removed entries of the log")

    def __str__(self) -> str:
        return f"{self.person_id}/{self.id}"

    @property
    def number(self) -> int:
        return self.id % SEQUENCE_STEP


class LogState(models.Model):
    """The one row that whoever appends to the log locks. ``size``: how many entries it has; ``origin``: which log;
    ``numbered_size``: so many of its first entries commit to the number of their row, too."""

    size = models.BigIntegerField(default=0)
    origin = models.CharField(max_length=255, blank=True)
    numbered_size = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("state of the log")
        verbose_name_plural = _("state of the log")

    def __str__(self) -> str:
        return str(self.size)


class LogBundle(models.Model):
    """One row is up to 256 entries, each with its length before it. The last one grows."""

    number = models.BigIntegerField(primary_key=True)
    data = models.BinaryField()

    class Meta:
        verbose_name = _("bundle of entries")
        verbose_name_plural = _("bundles of entries")

    def __str__(self) -> str:
        return str(self.number)


class LogTile(models.Model):
    """One row is up to 256 hashes of one level, from level 1 on. The last one of each level grows."""

    pk = models.CompositePrimaryKey("level", "number")
    level = models.PositiveSmallIntegerField()
    number = models.BigIntegerField()
    data = models.BinaryField()

    class Meta:
        verbose_name = _("tile of hashes")
        verbose_name_plural = _("tiles of hashes")

    def __str__(self) -> str:
        return f"{self.level}/{self.number}"


class LogRun(models.Model):
    """One row is one run of the index: sorted labels, which lie in its blocks."""

    pk = models.CompositePrimaryKey("level", "number")
    level = models.PositiveSmallIntegerField()
    number = models.BigIntegerField()
    root = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("run of the index")
        verbose_name_plural = _("runs of the index")

    def __str__(self) -> str:
        return f"{self.level}/{self.number}"


class LogRunBlock(models.Model):
    """One row is up to 256 labels of one run. ``first``: the smallest of them."""

    pk = models.CompositePrimaryKey("level", "number", "block")
    level = models.PositiveSmallIntegerField()
    number = models.BigIntegerField()
    block = models.BigIntegerField()
    first = models.BinaryField(max_length=16)
    labels = models.BinaryField()

    class Meta:
        verbose_name = _("block of labels")
        verbose_name_plural = _("blocks of labels")
        indexes = [models.Index(fields=["level", "number", "first"], name="log_block_by_first_label")]

    def __str__(self) -> str:
        return f"{self.level}/{self.number}/{self.block}"


class LogRunTile(models.Model):
    """One row is up to 256 hashes of the tree over one run."""

    pk = models.CompositePrimaryKey("level", "number", "tile_level", "tile_number")
    level = models.PositiveSmallIntegerField()
    number = models.BigIntegerField()
    tile_level = models.PositiveSmallIntegerField()
    tile_number = models.BigIntegerField()
    data = models.BinaryField()

    class Meta:
        verbose_name = _("tile of a run")
        verbose_name_plural = _("tiles of runs")

    def __str__(self) -> str:
        return f"{self.level}/{self.number}/{self.tile_level}/{self.tile_number}"


class LogCheckpoint(AppendOnly):
    """One row is one checkpoint that a log signed. ``note``: with the log's own signature."""

    origin = models.CharField(max_length=255)
    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    signed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("checkpoint")
        verbose_name_plural = _("checkpoints")
        constraints = [models.UniqueConstraint(fields=["origin", "size"], name="a_size_is_signed_once")]

    def __str__(self) -> str:
        return f"{self.origin}: {self.size}"


class Cosignature(AppendOnly):
    """One row is the signature of one witness under one checkpoint. ``line``: as it stands in the note."""

    checkpoint = models.ForeignKey(LogCheckpoint, models.CASCADE, related_name="cosignatures")
    witness = models.CharField(max_length=255)
    line = models.TextField()
    signed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("signature of a witness")
        verbose_name_plural = _("signatures of witnesses")
        constraints = [models.UniqueConstraint(fields=["checkpoint", "witness"], name="a_witness_signs_once")]

    def __str__(self) -> str:
        return f"{self.checkpoint_id}: {self.witness}"


class WitnessedLog(models.Model):
    """One row is what this site, as a witness, last signed of another log."""

    origin = models.CharField(max_length=255, primary_key=True)
    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    signed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("log that is witnessed")
        verbose_name_plural = _("logs that are witnessed")

    def __str__(self) -> str:
        return self.origin
