"""Exports that an officer has made for a person who cannot log in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consents", "0019_representatives"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="export",
            options={
                "permissions": [("export_for_person", "Can have a record exported for its person")],
                "verbose_name": "export",
                "verbose_name_plural": "exports",
            },
        ),
        migrations.AddField(
            model_name="export",
            name="handed_to",
            field=models.EmailField(blank=True, db_default="", default="", max_length=254),
        ),
        migrations.AddField(
            model_name="export",
            name="staff_id",
            field=models.BigIntegerField(blank=True, null=True),
        ),
    ]
