"""How PostgreSQL looks after the ledger and its counters."""

from django.db import migrations

from privacycenter.database.large_tables import ADDED_TO, CHANGED, storage


class Migration(migrations.Migration):
    dependencies = [("disclosures", "0048_comments")]

    operations = [
        storage("disclosures", "disclosure", ADDED_TO),
        storage("disclosures", "recordaccess", ADDED_TO),
        storage("disclosures", "caseevent", ADDED_TO),
        storage("disclosures", "reportcount", CHANGED),
        storage("disclosures", "declaredcount", CHANGED),
        storage("disclosures", "arrivalcount", CHANGED),
        storage("disclosures", "practicecount", CHANGED),
        storage("disclosures", "receivedcount", CHANGED),
    ]
