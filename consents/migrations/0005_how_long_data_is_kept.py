"""How long a recipient keeps what it asks for, as its service states it."""

from django.db import migrations, models

from privacycenter.database.triggers import refuse, refuse_early


class Migration(migrations.Migration):
    dependencies = [
        ("consents", "0004_feed_epochs"),
    ]

    operations = [
        migrations.AddField(
            model_name="approvalrequest",
            name="retention_days",
            field=models.JSONField(blank=True, default=dict),
        ),
        # SQLite has rebuilt the table.
        refuse("consents", "approvalrequest", "UPDATE"),
        refuse_early("consents", "approvalrequest", "requested_at"),
    ]
