"""How PostgreSQL looks after the log, the outbox, limits, people and sessions."""

from django.db import migrations

from privacycenter.database.large_tables import ADDED_TO, CHANGED, QUEUE, storage


class Migration(migrations.Migration):
    dependencies = [("privacycenter", "0015_verification"), ("sessions", "0001_initial")]

    operations = [
        storage("privacycenter", "logentry", ADDED_TO),
        storage("privacycenter", "logbundle", CHANGED),
        storage("privacycenter", "logtile", CHANGED),
        storage("privacycenter", "logstate", CHANGED),
        storage("privacycenter", "personkey", CHANGED),
        storage("privacycenter", "outboxrow", QUEUE),
        storage("privacycenter", "cacheentry", CHANGED),
        storage("privacycenter", "user", CHANGED),
        storage("sessions", "session", CHANGED),
    ]
