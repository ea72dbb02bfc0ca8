"""What the desk does to an account is written down."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from privacycenter.database.triggers import refuse, refuse_early


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0019_lookups"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AccountStep",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(editable=False)),
                ("change_id", models.UUIDField()),
                (
                    "kind",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "log-in blocked"),
                            (2, "log-in allowed again"),
                            (3, "logged out everywhere"),
                            (4, "passkeys and second factors removed"),
                            (5, "e-mail address changed"),
                            (6, "roles changed"),
                            (7, "staff account made"),
                            (8, "mail to choose a password sent"),
                            (9, "erased"),
                        ]
                    ),
                ),
                ("stage", models.PositiveSmallIntegerField(choices=[(1, "proposed"), (2, "done"), (3, "refused")])),
                ("detail", models.JSONField(default=dict)),
                ("reason", models.CharField(max_length=500)),
                ("staff_id", models.BigIntegerField()),
                ("role", models.CharField(max_length=60)),
                ("taken_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="account_steps",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a change to an account",
                "verbose_name_plural": "steps of changes to accounts",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "change_id", "stage"), name="a_change_to_an_account_is_answered_once"
                    )
                ],
            },
        ),
        refuse("disclosures", "accountstep", "UPDATE"),
        refuse_early("disclosures", "accountstep", "taken_at"),
    ]
