"""The database holds the tables to their promises, whoever writes to them."""

from django.db import migrations

from privacycenter.database.triggers import refuse

APPEND_ONLY = ("disclosure", "conflict", "itemset", "publication")
NEVER_DELETED = ("recipient", "service", "scenario", "dataitem", "reporter")


class Migration(migrations.Migration):
    dependencies = [("disclosures", "0001_initial")]
    operations = [
        *(refuse("disclosures", model, "UPDATE", "DELETE") for model in APPEND_ONLY),
        *(refuse("disclosures", model, "DELETE") for model in NEVER_DELETED),
    ]
