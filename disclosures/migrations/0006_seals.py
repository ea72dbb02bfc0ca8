"""Sources of events are kept, and corrections have a fingerprint over the whole row."""

import django.db.models.deletion
from django.db import migrations, models

from privacycenter.database.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0005_what_is_published_binds"),
    ]

    operations = [
        migrations.CreateModel(
            name="EventSource",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("text", models.CharField(max_length=255, unique=True)),
            ],
            options={
                "verbose_name": "source of events",
                "verbose_name_plural": "sources of events",
            },
        ),
        migrations.AddField(
            model_name="correction",
            name="seal",
            field=models.BinaryField(max_length=33, null=True),
        ),
        migrations.AddField(
            model_name="correction",
            name="source",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="disclosures.eventsource",
            ),
        ),
        migrations.AddField(
            model_name="disclosure",
            name="source",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="disclosures.eventsource",
            ),
        ),
        refuse("disclosures", "eventsource", "UPDATE", "DELETE"),
    ]
