"""Secret addresses under which members of staff have the calendar of the desk in their own programs."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from privacycenter.database.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0039_cases_by_cause"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("made_at", models.DateTimeField(verbose_name="when")),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calendar_addresses",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "address of the calendar",
                "verbose_name_plural": "addresses of the calendar",
                "indexes": [
                    models.Index(fields=["digest"], name="calendar_by_digest"),
                    models.Index(fields=["staff", "-id"], name="calendar_newest_first"),
                ],
            },
        ),
        *(refuse("disclosures", "calendaraddress", event) for event in ("UPDATE", "DELETE")),
    ]
