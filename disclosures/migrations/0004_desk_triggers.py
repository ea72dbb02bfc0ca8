"""The tables of the desk are written once, too; the database holds them to it."""

from django.db import migrations

from privacycenter.database.triggers import refuse

APPEND_ONLY = (
    "revision", "proposal", "proposalapproval", "proposaloutcome", "inquiry", "inquirystep", "case", "casestep",
    "recordaccess",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("disclosures", "0003_desk")]
    operations = [
        *(refuse("disclosures", model, "UPDATE", "DELETE") for model in APPEND_ONLY),
        # Adding a column can rebuild a table on SQLite, and a rebuilt table has lost its trigger.
        refuse("disclosures", "recipient", "DELETE"),
    ]
