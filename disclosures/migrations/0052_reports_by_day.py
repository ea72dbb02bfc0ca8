"""What a reporter reported of a day is found by an index."""

from django.db import migrations

from privacycenter.database.large_tables import reporter_hour_index


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("disclosures", "0051_bulk_uploads")]

    operations = [
        reporter_hour_index("disclosures", "disclosure", "occurred_at"),
        reporter_hour_index("disclosures", "correction", "corrected_at"),
    ]
