"""What is told of a person is told in order: also what waits in a database of before."""

from typing import Any

from django.db import migrations, models
from django.db.models import OuterRef, Subquery
from django.db.models.fields.json import KeyTextTransform


def line_up(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("privacycenter", "OutboxRow").objects
    for row in rows.filter(follower="feed", topic__in=["decision.made", "decision.withdrawn"]).iterator():
        rows.filter(pk=row.pk).update(line=f"person:{row.payload['person']}")
    people = apps.get_model("privacycenter", "User").objects
    entries = apps.get_model("consents", "FeedEntry").objects
    subject = entries.filter(pk=OuterRef("entry")).values_list(KeyTextTransform("subject", "event"))
    person = people.filter(subject=OuterRef("told_of")).values("pk")[:1]
    deliveries = apps.get_model("consents", "WebhookDelivery").objects.filter(entry__isnull=False)
    deliveries.annotate(told_of=Subquery(subject[:1])).update(whose=Subquery(person))


class Migration(migrations.Migration):
    dependencies = [("consents", "0002_triggers"), ("privacycenter", "0002_outbox_lines")]
    operations = [
        migrations.AddField(
            model_name="webhookdelivery",
            name="whose",
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(fields=["endpoint", "whose"], name="delivery_by_person"),
        ),
        migrations.RunPython(line_up, migrations.RunPython.noop),
    ]
