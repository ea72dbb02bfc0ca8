"""Work on mails that waits when the site is updated no longer names the address its links lead to."""

from django.db import migrations

TOPICS = ("inquiry.filed", "inquiry.step_taken")


def forget_addresses(apps, schema_editor):
    rows = apps.get_model("privacycenter", "OutboxRow").objects.filter(topic__in=TOPICS)
    for row in rows.iterator():
        row.payload.pop("site_address", None)
        row.save(update_fields=["payload"])


class Migration(migrations.Migration):
    dependencies = [("disclosures", "0013_cited_text"), ("privacycenter", "0002_outbox_lines")]

    operations = [migrations.RunPython(forget_addresses, migrations.RunPython.noop)]
