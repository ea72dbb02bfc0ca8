"""Questions and answers may be removed at the end of their time, by the purge alone."""

from django.db import migrations

from privacycenter.database.triggers import refuse_early


class Migration(migrations.Migration):
    dependencies = [("consents", "0002_triggers")]
    operations = [
        refuse_early("consents", "approvalrequest", "requested_at"),
        refuse_early("consents", "decision", "decided_at"),
    ]
