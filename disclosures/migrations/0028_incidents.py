"""Lists of affected people, and incidents."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from privacycenter.database.triggers import refuse, refuse_early


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0027_words"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AffectedList",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("filters", models.JSONField()),
                ("reason", models.CharField(max_length=500, verbose_name="why")),
                ("role", models.CharField(max_length=60)),
                ("asked_at", models.DateTimeField(verbose_name="asked at")),
                ("counted_at", models.DateTimeField(blank=True, null=True, verbose_name="counted at")),
                ("disclosure_count", models.PositiveBigIntegerField(default=0, verbose_name="disclosures")),
                ("person_count", models.PositiveBigIntegerField(default=0, verbose_name="people")),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "list of affected people",
                "verbose_name_plural": "lists of affected people",
            },
        ),
        migrations.CreateModel(
            name="AffectedPerson",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(editable=False)),
                ("disclosure_count", models.PositiveBigIntegerField()),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("listed_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="affected_lists",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "person on a list of affected people",
                "verbose_name_plural": "people on lists of affected people",
            },
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("noticed_at", models.DateTimeField(verbose_name="noticed at")),
                ("is_malicious", models.BooleanField(default=False, verbose_name="possibly with a wrongful purpose")),
                ("is_under_gdpr", models.BooleanField(default=False, verbose_name="people in the EU are affected")),
                ("opened_at", models.DateTimeField(verbose_name="opened at")),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "incident",
                "verbose_name_plural": "incidents",
                "ordering": ["-opened_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="IncidentStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "a list of affected people was added"),
                            (2, "the text for the people affected was written"),
                            (3, "a measure was taken"),
                            (4, "the first report to the Personal Information Protection Commission was made"),
                            (5, "the final report to the Personal Information Protection Commission was made"),
                            (6, "the data protection authority was notified (GDPR art. 33)"),
                            (7, "the people affected are being told"),
                            (8, "it was announced in public, for those who cannot be reached"),
                            (9, "a note was written"),
                            (10, "it was closed"),
                            (11, "it was reopened"),
                        ],
                        verbose_name="kind",
                    ),
                ),
                ("words", models.JSONField(default=dict)),
                ("note", models.TextField(blank=True, verbose_name="internal note")),
                ("happened_at", models.DateTimeField(verbose_name="when")),
                ("taken_at", models.DateTimeField(verbose_name="entered at")),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="disclosures.incident",
                        verbose_name="incident",
                    ),
                ),
                (
                    "list",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="disclosures.affectedlist",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of an incident",
                "verbose_name_plural": "steps of incidents",
                "ordering": ["pk"],
            },
        ),
        migrations.AddIndex(
            model_name="affectedlist",
            index=models.Index(fields=["-asked_at"], name="affected_list_newest_first"),
        ),
        refuse("disclosures", "affectedperson", "UPDATE"),
        refuse_early("disclosures", "affectedperson", "listed_at", is_erasable=True),
        *(
            refuse("disclosures", model, event)
            for model in ("incident", "incidentstep")
            for event in ("UPDATE", "DELETE")
        ),
    ]
