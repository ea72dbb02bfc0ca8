"""Since when reports are counted, where there had been reports before."""

from typing import Any

from django.db import migrations, models
from django.db.models import Min
from django.utils import timezone


def note_start(apps: Any, schema_editor: Any) -> None:
    """Note today, or the day of the first count. Where nothing was ever reported, nothing is missing from the counts."""
    if not apps.get_model("disclosures", "Disclosure").objects.exists():
        return
    first = apps.get_model("disclosures", "PracticeCount").objects.aggregate(first=Min("reported_on"))["first"]
    apps.get_model("disclosures", "PracticeStart").objects.create(began_on=first or timezone.localdate())


class Migration(migrations.Migration):
    dependencies = [("disclosures", "0011_route_facts")]

    operations = [
        migrations.CreateModel(
            name="PracticeStart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("began_on", models.DateField()),
            ],
            options={
                "verbose_name": "start of the counts of practice",
                "verbose_name_plural": "start of the counts of practice",
            },
        ),
        migrations.RunPython(note_start, migrations.RunPython.noop),
    ]
