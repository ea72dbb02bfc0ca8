"""A recall names the request to the operator in which it was asked for."""

from django.db import migrations, models

from privacycenter.database.triggers import refuse, refuse_early


class Migration(migrations.Migration):
    dependencies = [
        ("consents", "0017_question_counts"),
    ]

    operations = [
        migrations.AddField(
            model_name="recall",
            name="inquiry",
            field=models.CharField(blank=True, default="", max_length=20),
        ),
        # SQLite has rebuilt the table.
        refuse("consents", "recall", "UPDATE"),
        refuse_early("consents", "recall", "asked_at"),
    ]
