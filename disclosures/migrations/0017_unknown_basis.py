"""From when on a basis for provision abroad that is not stated is taken as consent.

It changes no table: ``verify_ledger`` reads when it was applied, because nothing had to be cited there before.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("disclosures", "0016_processed_first")]

    operations = []
