"""How often services asked whether data may be provided."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consents", "0016_notice_of_a_case"),
        ("disclosures", "0030_staff_mails"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="QuestionCount",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(editable=False)),
                ("asked_on", models.DateField()),
                (
                    "answer",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Yes"),
                            (2, "Only for some of the items"),
                            (3, "No: you had not allowed it"),
                            (4, "No: you had refused it or withdrawn your approval"),
                            (5, "No: we do not provide it"),
                        ]
                    ),
                ),
                ("question_count", models.PositiveBigIntegerField(default=0)),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="question_counts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.recipient",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.service",
                    ),
                ),
            ],
            options={
                "verbose_name": "count of questions about a person",
                "verbose_name_plural": "counts of questions about people",
            },
        ),
        migrations.CreateModel(
            name="QuestionSpike",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_on", models.DateField()),
                ("refused_count", models.PositiveBigIntegerField()),
                ("usual_count", models.PositiveBigIntegerField()),
                ("noticed_at", models.DateTimeField()),
                (
                    "recipient",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.recipient",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.service",
                    ),
                ),
            ],
            options={
                "verbose_name": "spike of refused questions",
                "verbose_name_plural": "spikes of refused questions",
                "constraints": [
                    models.UniqueConstraint(fields=("asked_on", "recipient", "service"), name="a_spike_is_noticed_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="QuestionTotal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_on", models.DateField()),
                (
                    "answer",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Yes"),
                            (2, "Only for some of the items"),
                            (3, "No: you had not allowed it"),
                            (4, "No: you had refused it or withdrawn your approval"),
                            (5, "No: we do not provide it"),
                        ]
                    ),
                ),
                ("question_count", models.PositiveBigIntegerField(default=0)),
                (
                    "recipient",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.recipient",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.service",
                    ),
                ),
            ],
            options={
                "verbose_name": "count of questions of services",
                "verbose_name_plural": "counts of questions of services",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("asked_on", "recipient", "service", "answer"), name="questions_are_counted_once_a_day"
                    )
                ],
            },
        ),
    ]
