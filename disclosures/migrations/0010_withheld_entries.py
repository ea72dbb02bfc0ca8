"""Entries of a record that the law keeps from their person."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from privacycenter.database.triggers import refuse, refuse_early


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0009_practice_counts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="WithholdingStep",
            fields=[
                ("seal", models.BinaryField(max_length=33, null=True)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(editable=False)),
                ("disclosure_id", models.UUIDField()),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "entered"),
                            (2, "approved by a second officer"),
                            (3, "refused by a second officer"),
                            (4, "released"),
                        ]
                    ),
                ),
                (
                    "ground",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("harm", "danger to somebody's life, body or property (art. 11(i))"),
                            ("illegal_act", "it would encourage an illegal or unjust act (art. 11(ii))"),
                            (
                                "security",
                                "damage to national security or to the trust of another country (art. 11(iii))",
                            ),
                            ("crime", "hindrance to the prevention or investigation of crime (art. 11(iv))"),
                        ],
                        max_length=20,
                    ),
                ),
                ("until", models.DateTimeField(null=True)),
                ("reason", models.TextField()),
                ("staff_id", models.BigIntegerField()),
                ("taken_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="withholding_steps",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "step about a withheld entry",
                "verbose_name_plural": "steps about withheld entries",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "disclosure_id", "number"), name="steps_about_a_withheld_entry_are_numbered"
                    )
                ],
            },
        ),
        refuse("disclosures", "withholdingstep", "UPDATE"),
        refuse_early("disclosures", "withholdingstep", "taken_at"),
    ]
