"""A look at a person is kept with what the look-up was about, and so with how much of the record it opened."""

from django.db import migrations, models

from privacycenter.database.triggers import refuse, refuse_early


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0033_authorities"),
    ]

    operations = [
        migrations.AddField(
            model_name="recordaccess",
            name="scope",
            field=models.CharField(
                blank=True,
                choices=[
                    ("recipient", "One recipient"),
                    ("service", "One service"),
                    ("inquiry", "A request to the operator"),
                    ("incident", "An incident"),
                    ("identity", "Who somebody is: their accounts"),
                    ("whole", "The whole record: a complaint about all of it, or a request to see it"),
                ],
                db_default="",
                default="",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="recordaccess",
            name="scope_of",
            field=models.CharField(blank=True, db_default="", default="", max_length=100),
        ),
        # SQLite rebuilds the table, and forgets its triggers.
        refuse("disclosures", "recordaccess", "UPDATE"),
        refuse_early("disclosures", "recordaccess", "accessed_at"),
    ]
