"""Each time that the desk was asked whether somebody is known is written down."""

from django.db import migrations, models

from privacycenter.database.triggers import refuse, refuse_early


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0018_approved_alone"),
    ]

    operations = [
        migrations.CreateModel(
            name="Lookup",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("staff_id", models.BigIntegerField()),
                ("role", models.CharField(max_length=60)),
                ("reason", models.CharField(max_length=500)),
                ("is_found", models.BooleanField()),
                ("looked_up_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "look-up of a person",
                "verbose_name_plural": "look-ups of people",
                "indexes": [models.Index(fields=["-looked_up_at"], name="lookup_newest_first")],
            },
        ),
        refuse("disclosures", "lookup", "UPDATE"),
        refuse_early("disclosures", "lookup", "looked_up_at"),
    ]
