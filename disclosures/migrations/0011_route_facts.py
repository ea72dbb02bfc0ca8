"""What the law wants published of a scenario's legal route."""

import modeltrans.fields
from django.db import migrations, models

from privacycenter.database.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0010_withheld_entries"),
    ]

    operations = [
        migrations.AddField(
            model_name="scenario",
            name="route_parties",
            field=models.CharField(
                blank=True,
                help_text="Who uses it jointly, is entrusted, succeeds, or relates it to a person.",
                max_length=300,
                verbose_name="legal route: who",
            ),
        ),
        migrations.AddField(
            model_name="scenario",
            name="route_purpose",
            field=models.CharField(blank=True, max_length=300, verbose_name="legal route: what for"),
        ),
        migrations.AddField(
            model_name="scenario",
            name="route_responsible",
            field=models.CharField(
                blank=True,
                help_text="For joint use with name, address and representative; for opt-out the number of the filing.",
                max_length=300,
                verbose_name="legal route: responsible",
            ),
        ),
        migrations.AddField(
            model_name="scenario",
            name="route_stopping",
            field=models.CharField(
                blank=True, help_text="For opt-out.", max_length=300, verbose_name="legal route: how to have it stopped"
            ),
        ),
        migrations.AlterField(
            model_name="scenario",
            name="i18n",
            field=modeltrans.fields.TranslationField(
                fields=(
                    "title",
                    "body",
                    "recipient_kinds",
                    "route_detail",
                    "route_parties",
                    "route_purpose",
                    "route_responsible",
                    "route_stopping",
                ),
                required_languages=(),
                virtual_fields=True,
            ),
        ),
        # SQLite has rebuilt the table.
        refuse("disclosures", "scenario", "DELETE"),
    ]
