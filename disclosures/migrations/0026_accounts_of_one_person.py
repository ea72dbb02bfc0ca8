"""Which accounts are one person is written under each of them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from privacycenter.database.triggers import refuse, refuse_early


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0025_situations_by_control"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="accountstep",
            name="kind",
            field=models.PositiveSmallIntegerField(
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
                    (10, "put together with another account of the same person"),
                    (11, "taken apart from another account again"),
                ]
            ),
        ),
        migrations.CreateModel(
            name="SharedRecord",
            fields=[
                ("seal", models.BinaryField(max_length=33, null=True)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(editable=False)),
                ("accounts", models.JSONField(default=list)),
                ("made_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="shared_records",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "accounts of one person",
                "verbose_name_plural": "accounts of people",
            },
        ),
        refuse("disclosures", "sharedrecord", "UPDATE"),
        refuse_early("disclosures", "sharedrecord", "made_at", is_erasable=True),
    ]
