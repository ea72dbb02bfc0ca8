"""From when on a disclosure that is reported in whole seconds is judged by the end of its second, and a publication that
was published after a disclosure does not count as shown.

It changes no table: ``verify_ledger`` reads when it was applied, because rows of before were judged by the beginning of
their second, and by the publication's number alone.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("disclosures", "0014_mails_lead_here")]

    operations = []
