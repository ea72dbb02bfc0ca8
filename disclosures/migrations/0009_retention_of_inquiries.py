"""Requests to the operator may be removed at the end of their time, by the purge alone."""

from django.db import migrations

from privacycenter.database.triggers import refuse_early


class Migration(migrations.Migration):
    dependencies = [("disclosures", "0008_hidden_recipients")]
    operations = [
        refuse_early("disclosures", "inquiry", "asked_at"),
        refuse_early("disclosures", "inquirystep", "taken_at"),
    ]
