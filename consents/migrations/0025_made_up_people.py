"""People made up in a sandbox, by the reporter that made them up."""

import django.db.models.deletion
from django.db import migrations, models

from privacycenter.database.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [
        ("consents", "0024_steps_name_their_withdrawal"),
        ("disclosures", "0048_comments"),
    ]

    operations = [
        migrations.CreateModel(
            name="MadeUpPerson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=255, unique=True, verbose_name="subject")),
                ("address", models.EmailField(max_length=254, verbose_name="mail address")),
                ("made_at", models.DateTimeField()),
                (
                    "reporter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="made_up_people",
                        to="disclosures.reporter",
                        verbose_name="reporter",
                    ),
                ),
            ],
            options={
                "verbose_name": "made-up person",
                "verbose_name_plural": "made-up people",
                "indexes": [models.Index(fields=["reporter", "id"], name="made_up_person_of_reporter")],
            },
        ),
        refuse("consents", "madeupperson", "UPDATE", "DELETE"),
    ]
