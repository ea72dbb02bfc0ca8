"""Uploads of disclosures and the results of their lines."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0050_found_by_recipient"),
    ]

    operations = [
        migrations.CreateModel(
            name="DisclosureUpload",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                (
                    "state",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "being sent"),
                            (2, "waiting to be recorded"),
                            (3, "being recorded"),
                            (4, "recorded"),
                            (5, "failed"),
                            (6, "cancelled"),
                            (7, "never completed"),
                        ],
                        default=1,
                    ),
                ),
                ("is_compressed", models.BooleanField(default=False)),
                ("size_bytes", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("received_bytes", models.PositiveBigIntegerField(default=0)),
                ("line_count", models.PositiveBigIntegerField(null=True)),
                ("text_bytes", models.PositiveBigIntegerField(null=True)),
                ("done_lines", models.PositiveBigIntegerField(default=0)),
                ("done_bytes", models.PositiveBigIntegerField(default=0)),
                ("created_count", models.PositiveBigIntegerField(default=0)),
                ("duplicate_count", models.PositiveBigIntegerField(default=0)),
                ("conflict_count", models.PositiveBigIntegerField(default=0)),
                ("invalid_count", models.PositiveBigIntegerField(default=0)),
                ("flagged_count", models.PositiveBigIntegerField(default=0)),
                ("problem", models.JSONField(default=dict)),
                ("begun_at", models.DateTimeField()),
                ("completed_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "reporter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uploads",
                        to="disclosures.reporter",
                        verbose_name="reporter",
                    ),
                ),
            ],
            options={
                "verbose_name": "upload of disclosures",
                "verbose_name_plural": "uploads of disclosures",
            },
        ),
        migrations.CreateModel(
            name="UploadBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first_line", models.PositiveBigIntegerField()),
                ("last_line", models.PositiveBigIntegerField()),
                ("created_count", models.PositiveIntegerField(default=0)),
                ("duplicate_count", models.PositiveIntegerField(default=0)),
                ("conflict_count", models.PositiveIntegerField(default=0)),
                ("invalid_count", models.PositiveIntegerField(default=0)),
                ("packed", models.BinaryField()),
                (
                    "upload",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="batches",
                        to="disclosures.disclosureupload",
                    ),
                ),
            ],
            options={
                "verbose_name": "results of an upload",
                "verbose_name_plural": "results of uploads",
            },
        ),
        migrations.CreateModel(
            name="UploadPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("offset", models.PositiveBigIntegerField()),
                ("size_bytes", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("file_name", models.CharField(max_length=80, unique=True)),
                ("is_taken", models.BooleanField(default=False)),
                (
                    "upload",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="disclosures.disclosureupload",
                    ),
                ),
            ],
            options={
                "verbose_name": "part of an upload",
                "verbose_name_plural": "parts of uploads",
            },
        ),
        migrations.AddIndex(
            model_name="disclosureupload",
            index=models.Index(fields=["reporter", "-id"], name="upload_by_reporter_newest"),
        ),
        migrations.AddIndex(
            model_name="disclosureupload",
            index=models.Index(fields=["ended_at"], name="upload_by_end"),
        ),
        migrations.AddConstraint(
            model_name="uploadbatch",
            constraint=models.UniqueConstraint(
                fields=("upload", "first_line"), name="one_result_of_a_line_of_an_upload"
            ),
        ),
        migrations.AddConstraint(
            model_name="uploadpart",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_taken", True)),
                fields=("upload", "offset"),
                name="one_part_at_an_offset",
            ),
        ),
    ]
