"""Files with requests to the operator and its answers, and answers that the mail does not carry."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from privacycenter.database.triggers import refuse, refuse_early

# Model → when a row was written.
EXPIRING = {
    "attachment": "attached_at",
    "stepdelivery": "chosen_at",
    "onetimepage": "made_at",
    "onetimestep": "happened_at",
}


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0037_representatives"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StepDelivery",
            fields=[
                (
                    "step",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="delivery",
                        serialize=False,
                        to="disclosures.inquirystep",
                    ),
                ),
                (
                    "way",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "The mail carries the message"),
                            (2, "The mail says only that there is a message; it is read on the status page"),
                            (3, "The mail leads to a page that opens once, with a code that you tell in another way"),
                        ]
                    ),
                ),
                ("chosen_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "way of an answer",
                "verbose_name_plural": "ways of answers",
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("content_type", models.CharField(max_length=40)),
                ("size_bytes", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("file_name", models.CharField(max_length=60, unique=True)),
                ("attached_at", models.DateTimeField(verbose_name="when")),
                (
                    "inquiry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="disclosures.inquiry",
                        verbose_name="request",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="disclosures.inquirystep",
                        verbose_name="step",
                    ),
                ),
            ],
            options={
                "verbose_name": "file with a request",
                "verbose_name_plural": "files with requests",
                "ordering": ["attached_at", "name", "id"],
            },
        ),
        migrations.CreateModel(
            name="OneTimePage",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("export_of", models.BigIntegerField(null=True)),
                ("export_id", models.UUIDField(null=True)),
                ("code", models.CharField(max_length=128)),
                ("made_at", models.DateTimeField()),
                ("good_until", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "step",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="one_time_page",
                        to="disclosures.inquirystep",
                    ),
                ),
            ],
            options={
                "verbose_name": "page that opens once",
                "verbose_name_plural": "pages that open once",
            },
        ),
        migrations.CreateModel(
            name="OneTimeStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "event",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "wrong code"), (2, "opened"), (3, "closed by the reader")]
                    ),
                ),
                ("happened_at", models.DateTimeField()),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="disclosures.onetimepage"
                    ),
                ),
            ],
            options={
                "verbose_name": "use of a page that opens once",
                "verbose_name_plural": "uses of pages that open once",
                "ordering": ["pk"],
            },
        ),
        migrations.AddIndex(
            model_name="onetimepage",
            index=models.Index(fields=["export_of", "export_id"], name="one_time_page_by_export"),
        ),
        *(refuse("disclosures", model, "UPDATE") for model in EXPIRING),
        *(refuse_early("disclosures", model, column) for model, column in EXPIRING.items()),
    ]
