"""Services that are kept from a child's parents."""

from django.db import migrations, models

from privacycenter.database.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0041_hints_of_answers"),
    ]

    operations = [
        migrations.AddField(
            model_name="service",
            name="is_sensitive",
            field=models.BooleanField(
                default=False,
                help_text="What this service provides about a child is not shown to a parent who is entered as the child’s representative from then on. Representatives entered before see what they saw.",
                verbose_name="kept from parents",
            ),
        ),
        # SQLite makes the table anew, without its triggers.
        refuse("disclosures", "service", "DELETE"),
    ]
