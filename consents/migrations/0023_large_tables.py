"""How PostgreSQL looks after requests, answers, notices and counters."""

from django.db import migrations

from privacycenter.database.large_tables import ADDED_TO, CHANGED, QUEUE, storage


class Migration(migrations.Migration):
    dependencies = [("consents", "0022_scope_of_recalls")]

    operations = [
        storage("consents", "decision", ADDED_TO),
        storage("consents", "approvalrequest", ADDED_TO),
        storage("consents", "notice", ADDED_TO),
        storage("consents", "webhookdelivery", QUEUE),
        storage("consents", "approvalcount", CHANGED),
        storage("consents", "questioncount", CHANGED),
        storage("consents", "questiontotal", CHANGED),
        storage("consents", "export", CHANGED),
    ]
