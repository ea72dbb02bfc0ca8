"""The index by which a recipient's disclosures of a period are found."""

from django.db import migrations

from privacycenter.database.large_tables import recipient_day_index


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("disclosures", "0049_large_tables")]

    operations = [
        recipient_day_index("disclosures", "disclosure"),
    ]
