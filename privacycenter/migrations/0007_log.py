import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from privacycenter.database.triggers import refuse, refuse_early


class Migration(migrations.Migration):
    dependencies = [
        ("privacycenter", "0006_known_devices"),
    ]

    operations = [
        migrations.CreateModel(
            name="LogBundle",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("data", models.BinaryField()),
            ],
            options={
                "verbose_name": "bundle of entries",
                "verbose_name_plural": "bundles of entries",
            },
        ),
        migrations.CreateModel(
            name="LogRun",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "level", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("level", models.PositiveSmallIntegerField()),
                ("number", models.BigIntegerField()),
                ("root", models.BinaryField(max_length=32)),
            ],
            options={
                "verbose_name": "run of the index",
                "verbose_name_plural": "runs of the index",
            },
        ),
        migrations.CreateModel(
            name="LogRunTile",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "level",
                        "number",
                        "tile_level",
                        "tile_number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("level", models.PositiveSmallIntegerField()),
                ("number", models.BigIntegerField()),
                ("tile_level", models.PositiveSmallIntegerField()),
                ("tile_number", models.BigIntegerField()),
                ("data", models.BinaryField()),
            ],
            options={
                "verbose_name": "tile of a run",
                "verbose_name_plural": "tiles of runs",
            },
        ),
        migrations.CreateModel(
            name="LogState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("size", models.BigIntegerField(default=0)),
                ("origin", models.CharField(blank=True, max_length=255)),
            ],
            options={
                "verbose_name": "state of the log",
                "verbose_name_plural": "state of the log",
            },
        ),
        migrations.CreateModel(
            name="LogTile",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "level", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("level", models.PositiveSmallIntegerField()),
                ("number", models.BigIntegerField()),
                ("data", models.BinaryField()),
            ],
            options={
                "verbose_name": "tile of hashes",
                "verbose_name_plural": "tiles of hashes",
            },
        ),
        migrations.CreateModel(
            name="WitnessedLog",
            fields=[
                ("origin", models.CharField(max_length=255, primary_key=True, serialize=False)),
                ("size", models.BigIntegerField()),
                ("root", models.BinaryField(max_length=32)),
                ("signed_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "log that is witnessed",
                "verbose_name_plural": "logs that are witnessed",
            },
        ),
        migrations.CreateModel(
            name="LogCheckpoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("origin", models.CharField(max_length=255)),
                ("size", models.BigIntegerField()),
                ("root", models.BinaryField(max_length=32)),
                ("note", models.TextField()),
                ("signed_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "checkpoint",
                "verbose_name_plural": "checkpoints",
                "constraints": [models.UniqueConstraint(fields=("origin", "size"), name="a_size_is_signed_once")],
            },
        ),
        migrations.CreateModel(
            name="LogEntry",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.BigIntegerField()),
                ("place", models.BigIntegerField()),
                (
                    "kind",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "disclosure"),
                            (2, "correction"),
                            (3, "approval request"),
                            (4, "cancelled request"),
                            (5, "decision"),
                            (6, "standing rule"),
                            (7, "step after a withdrawal"),
                        ]
                    ),
                ),
                ("row_id", models.UUIDField()),
                ("salt", models.BinaryField(max_length=16)),
                ("written_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="log_entries",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "entry of the log",
                "verbose_name_plural": "entries of the log",
            },
        ),
        migrations.CreateModel(
            name="LogRunBlock",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "level", "number", "block", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("level", models.PositiveSmallIntegerField()),
                ("number", models.BigIntegerField()),
                ("block", models.BigIntegerField()),
                ("first", models.BinaryField(max_length=16)),
                ("labels", models.BinaryField()),
            ],
            options={
                "verbose_name": "block of labels",
                "verbose_name_plural": "blocks of labels",
                "indexes": [models.Index(fields=["level", "number", "first"], name="log_block_by_first_label")],
            },
        ),
        migrations.CreateModel(
            name="PersonKey",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.IntegerField()),
                ("key", models.BinaryField(max_length=32)),
                (
                    "state",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "current"), (2, "former"), (3, "kept back"), (4, "of a former log")], default=1
                    ),
                ),
                ("last_number", models.BigIntegerField(default=0)),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="log_keys",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "key of a record in the log",
                "verbose_name_plural": "keys of records in the log",
            },
        ),
        migrations.CreateModel(
            name="RemovedEntry",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.BigIntegerField()),
                ("place", models.BigIntegerField()),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="removed_log_entries",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "removed entry of the log",
                "verbose_name_plural": "removed entries of the log",
            },
        ),
        migrations.CreateModel(
            name="Cosignature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("witness", models.CharField(max_length=255)),
                ("line", models.TextField()),
                ("signed_at", models.DateTimeField()),
                (
                    "checkpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cosignatures",
                        to="privacycenter.logcheckpoint",
                    ),
                ),
            ],
            options={
                "verbose_name": "signature of a witness",
                "verbose_name_plural": "signatures of witnesses",
                "constraints": [models.UniqueConstraint(fields=("checkpoint", "witness"), name="a_witness_signs_once")],
            },
        ),
        refuse("privacycenter", "logentry", "UPDATE"),
        refuse_early("privacycenter", "logentry", "written_at", is_erasable=True),
        refuse("privacycenter", "logcheckpoint", "UPDATE"),
        refuse_early("privacycenter", "logcheckpoint", "signed_at", "2 days"),
        refuse("privacycenter", "cosignature", "UPDATE"),
        refuse_early("privacycenter", "cosignature", "signed_at", "2 days"),
    ]
