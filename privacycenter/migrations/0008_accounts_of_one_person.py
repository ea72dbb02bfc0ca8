"""Several accounts of one person: which they are, and which of them is the one to log in to."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("privacycenter", "0007_log"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="put into",
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="record_keys",
            field=models.JSONField(blank=True, editable=False, null=True, verbose_name="accounts of this person"),
        ),
    ]
