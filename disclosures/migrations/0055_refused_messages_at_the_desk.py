"""Refused messages that staff dealt with: when, by whom, and why."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0054_menu"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "refusedmessage", "reason", models.TextField(blank=True, db_default="", default="", verbose_name="why")
        ),
        migrations.AddField(
            "refusedmessage", "settled_at", models.DateTimeField(null=True, verbose_name="dealt with at")
        ),
        migrations.AddField(
            "refusedmessage",
            "settled_by",
            models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by",
            ),
        ),
        migrations.AlterField("refusedmessage", "received_at", models.DateTimeField(verbose_name="received")),
    ]
