"""The entries of the log are found by the time of their row, for a verification in windows."""

from django.db import migrations

from privacycenter.database.large_tables import block_range_index


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("privacycenter", "0016_large_tables")]

    operations = [
        block_range_index("privacycenter", "logentry", "written_at"),
    ]
