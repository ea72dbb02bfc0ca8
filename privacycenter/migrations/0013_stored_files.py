"""Files that are kept in the database, in encrypted pieces."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("privacycenter", "0012_countersignatures"),
    ]

    operations = [
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=150)),
                ("sealed_key", models.TextField()),
                ("size_bytes", models.PositiveBigIntegerField(default=0)),
                ("begun_at", models.DateTimeField()),
                ("completed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "stored file",
                "verbose_name_plural": "stored files",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("completed_at__isnull", False)), fields=("name",), name="one_file_of_a_name"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FileChunk",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "file_id", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("body", models.BinaryField()),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chunks",
                        to="privacycenter.storedfile",
                    ),
                ),
            ],
            options={
                "verbose_name": "piece of a file",
                "verbose_name_plural": "pieces of files",
            },
        ),
    ]
