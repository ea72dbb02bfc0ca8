"""Whatever followed an answer, and what was told and delivered, may be removed at the end of its time, by the purge."""

from django.db import migrations

from privacycenter.database.triggers import refuse_early


class Migration(migrations.Migration):
    dependencies = [("consents", "0007_exports_and_notices")]
    operations = [
        refuse_early("consents", "requestcancellation", "cancelled_at"),
        refuse_early("consents", "standingrule", "made_at"),
        refuse_early("consents", "withdrawalstep", "taken_at"),
        refuse_early("consents", "withdrawalcase", "opened_at"),
        refuse_early("consents", "withdrawalclosure", "closed_at"),
        refuse_early("consents", "notice", "noticed_at"),
        refuse_early("consents", "noticereading", "read_at"),
        refuse_early("consents", "preference", "chosen_at"),
        refuse_early("consents", "mailing", "sent_at"),
        refuse_early("consents", "webhookattempt", "attempted_at", "90 days"),
    ]
