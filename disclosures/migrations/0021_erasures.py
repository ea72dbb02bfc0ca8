"""Erasures, and keyed hashes of what was erased."""

from django.db import migrations, models

from privacycenter.database.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0020_account_steps"),
    ]

    operations = [
        migrations.CreateModel(
            name="ErasedEvent",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
            ],
            options={
                "verbose_name": "erased event",
                "verbose_name_plural": "erased events",
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject_digest", models.CharField(db_index=True, max_length=64)),
                ("report", models.JSONField()),
                ("reason", models.CharField(max_length=500)),
                ("staff_id", models.BigIntegerField()),
                ("role", models.CharField(max_length=60)),
                ("erased_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "erasure",
                "verbose_name_plural": "erasures",
            },
        ),
        refuse("disclosures", "erasure", "UPDATE", "DELETE"),
        refuse("disclosures", "erasedevent", "UPDATE", "DELETE"),
    ]
