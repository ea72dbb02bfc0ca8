"""Whether what a scenario provides is processed first, though it is still about one person."""

from django.db import migrations, models

from privacycenter.database.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [("disclosures", "0015_same_second")]

    operations = [
        migrations.AddField(
            model_name="scenario",
            name="is_processed",
            field=models.BooleanField(
                default=False,
                help_text="What would identify the person is left out, but it is still about one person, so it is recorded.",
                verbose_name="processed first",
            ),
        ),
        # SQLite has rebuilt the table.
        refuse("disclosures", "scenario", "DELETE"),
    ]
