"""From when on the publication that a report cites about a recipient abroad is judged by what it says.

It changes no table: ``verify_ledger`` reads when it was applied, because rows of before were judged by the number.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("disclosures", "0012_practice_start")]

    operations = []
