"""The database holds the tables to their promises, whoever writes to them."""

from django.db import migrations

from privacycenter.database.triggers import refuse, refuse_early

# Written once; removed at the end of its time, by the purge alone. Model → when a row was written.
EXPIRING = {
    "approvalrequest": "requested_at",
    "decision": "decided_at",
    "requestcancellation": "cancelled_at",
    "standingrule": "made_at",
    "withdrawalstep": "taken_at",
    "withdrawalcase": "opened_at",
    "withdrawalclosure": "closed_at",
    "notice": "noticed_at",
    "noticereading": "read_at",
    "preference": "chosen_at",
    "mailing": "sent_at",
}


class Migration(migrations.Migration):
    dependencies = [("consents", "0001_initial")]
    operations = [
        *(refuse("consents", model, "UPDATE") for model in (*EXPIRING, "webhookattempt")),
        *(refuse_early("consents", model, column) for model, column in EXPIRING.items()),
        refuse_early("consents", "webhookattempt", "attempted_at", "90 days"),
    ]
