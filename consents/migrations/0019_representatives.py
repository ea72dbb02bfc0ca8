"""Representatives: who may act for whom, and what they did."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from privacycenter.database.triggers import refuse, refuse_early

# Model → when a row was written.
WRITTEN = {
    'representation': 'made_at', 'heldrepresentation': 'made_at', 'representationending': 'ended_at', 'actedfor': 'acted_at',
}  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("consents", "0018_incident_corrections"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (1, "a request waits for your answer"),
                    (2, "a company received your data for the first time"),
                    (3, "a disclosure with a warning"),
                    (4, "an approval ends soon"),
                    (5, "a withdrawal went on"),
                    (6, "your file is ready"),
                    (7, "a disclosure that the law had kept from you is shown"),
                    (8, "a log-in from a new device"),
                    (9, "a recall went on"),
                    (10, "an incident with your data"),
                    (11, "what we found about a disclosure"),
                    (12, "somebody who acts for another"),
                ]
            ),
        ),
        migrations.CreateModel(
            name="HeldRepresentation",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(editable=False)),
                ("represented_id", models.BigIntegerField()),
                ("made_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="held_representations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "representation held",
                "verbose_name_plural": "representations held",
            },
        ),
        migrations.CreateModel(
            name="Representation",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(editable=False)),
                ("representative_id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("parent", "parent of a child"), ("guardian", "guardian"), ("agent", "agent")],
                        max_length=10,
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[("see", "see the record"), ("decide", "see the record and answer")], max_length=10
                    ),
                ),
                ("left_out", models.JSONField(default=list)),
                (
                    "evidence",
                    models.CharField(
                        choices=[
                            ("family_register", "family register"),
                            ("court_order", "court order"),
                            ("guardianship", "certificate of registered guardianship"),
                            ("power_of_attorney", "power of attorney"),
                        ],
                        max_length=20,
                    ),
                ),
                ("begins_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("staff_id", models.BigIntegerField()),
                ("made_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="representations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "representation",
                "verbose_name_plural": "representations",
            },
        ),
        migrations.CreateModel(
            name="ActedFor",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(editable=False)),
                ("representation_id", models.UUIDField()),
                ("representative_id", models.BigIntegerField()),
                ("kind", models.PositiveSmallIntegerField()),
                ("row_id", models.UUIDField()),
                ("acted_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="acts_for",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "act for a person",
                "verbose_name_plural": "acts for people",
                "constraints": [
                    models.UniqueConstraint(fields=("person", "kind", "row_id"), name="a_row_is_made_by_one")
                ],
            },
        ),
        migrations.CreateModel(
            name="RepresentationEnding",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(editable=False)),
                ("representation_id", models.UUIDField()),
                (
                    "kind",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "the person objected"),
                            (2, "the person ended it"),
                            (3, "the representative gave it up"),
                            (4, "the privacy officer ended it"),
                            (5, "its time was over"),
                        ]
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("staff_id", models.BigIntegerField(null=True)),
                ("ended_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="representation_endings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "end of a representation",
                "verbose_name_plural": "ends of representations",
                "constraints": [
                    models.UniqueConstraint(fields=("person", "representation_id"), name="a_representation_ends_once")
                ],
            },
        ),
        *(refuse("consents", model, "UPDATE") for model in WRITTEN),
        *(refuse_early("consents", model, column, is_erasable=True) for model, column in WRITTEN.items()),
    ]
