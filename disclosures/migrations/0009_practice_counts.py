"""Counts of what was reported lately, for the checks before publishing."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0008_link_note"),
    ]

    operations = [
        migrations.CreateModel(
            name="PracticeCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reported_on", models.DateField()),
                ("disclosure_count", models.PositiveBigIntegerField(default=0)),
                (
                    "item_set",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.itemset",
                    ),
                ),
                (
                    "scenario",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.scenario",
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
                "verbose_name": "count of practice",
                "verbose_name_plural": "counts of practice",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("reported_on", "service", "scenario", "item_set"), name="practice_is_counted_once_a_day"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReceivedCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reported_on", models.DateField()),
                ("disclosure_count", models.PositiveBigIntegerField(default=0)),
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
                    "scenario",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.scenario",
                    ),
                ),
            ],
            options={
                "verbose_name": "count of what a recipient got",
                "verbose_name_plural": "counts of what recipients got",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("reported_on", "recipient", "scenario"), name="a_recipient_is_counted_once_a_day"
                    )
                ],
            },
        ),
    ]
