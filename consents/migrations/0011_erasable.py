"""What the law does not demand of a person goes when the person is erased: the triggers let it."""

from django.db import migrations

from privacycenter.database.triggers import refuse_early

# Model → when a row was written.
ERASABLE = {
    "standingrule": "made_at",
    "notice": "noticed_at",
    "noticereading": "read_at",
    "preference": "chosen_at",
    "mailing": "sent_at",
}


class Migration(migrations.Migration):
    dependencies = [("consents", "0010_notice_of_a_device")]
    operations = [refuse_early("consents", model, column, is_erasable=True) for model, column in ERASABLE.items()]
