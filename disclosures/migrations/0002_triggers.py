"""The database holds the tables to their promises, whoever writes to them."""

from django.db import migrations

from privacycenter.database.triggers import brin_index, refuse, refuse_early

# Written once and kept for ever.
APPEND_ONLY = (
    "heartbeat", "itemset", "proposal", "proposalapproval", "proposaloutcome", "publication", "revision",
)  # fmt: skip
# What the ledger may name is retired, never deleted.
NEVER_DELETED = ("recipient", "service", "scenario", "dataitem", "reporter")
# Written once; removed at the end of its time, by the purge alone. Model → when a row was written.
EXPIRING = {
    "disclosure": "recorded_at",
    "conflict": "recorded_at",
    "correction": "recorded_at",
    "rejectedreport": "received_at",
    "case": "opened_at",
    "casestep": "taken_at",
    "recordaccess": "accessed_at",
    "inquiry": "asked_at",
    "inquirystep": "taken_at",
}


class Migration(migrations.Migration):
    dependencies = [("disclosures", "0001_initial")]
    operations = [
        *(refuse("disclosures", model, "UPDATE", "DELETE") for model in APPEND_ONLY),
        *(refuse("disclosures", model, "DELETE") for model in NEVER_DELETED),
        *(refuse("disclosures", model, "UPDATE") for model in EXPIRING),
        *(refuse_early("disclosures", model, column) for model, column in EXPIRING.items()),
        brin_index("disclosures", "disclosure", "recorded_at"),
    ]
