"""Work of one line is done in its order."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("privacycenter", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="outboxrow",
            name="line",
            field=models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
        migrations.AddIndex(
            model_name="outboxrow",
            index=models.Index(
                condition=models.Q(("line", ""), _negated=True),
                fields=["follower", "line", "id"],
                name="outbox_by_line",
            ),
        ),
    ]
