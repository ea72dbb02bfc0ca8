"""New entries do not commit to the number of their row, so that a reporter can be shown one (docs/decisions/0029)."""

from django.db import migrations, models
from django.db.models import F


def mark_what_is_there(apps, schema_editor):
    apps.get_model("privacycenter", "LogState").objects.update(numbered_size=F("size"))


class Migration(migrations.Migration):
    dependencies = [
        ("privacycenter", "0008_accounts_of_one_person"),
    ]

    operations = [
        migrations.AddField(
            model_name="logstate",
            name="numbered_size",
            field=models.BigIntegerField(default=0),
        ),
        migrations.RunPython(mark_what_is_there, migrations.RunPython.noop),
    ]
