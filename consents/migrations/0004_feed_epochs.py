"""A restore begins a new epoch of the decision feeds."""

from django.db import migrations, models

from privacycenter.database.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [
        ("consents", "0003_order"),
    ]

    operations = [
        migrations.CreateModel(
            name="FeedEpoch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.CharField(max_length=8, unique=True)),
                ("last_numbers", models.JSONField()),
                ("restored_to", models.DateTimeField()),
                ("began_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "restore",
                "verbose_name_plural": "restores",
                "ordering": ["pk"],
            },
        ),
        migrations.AddField(
            model_name="feedentry",
            name="epoch",
            field=models.CharField(blank=True, db_default="", default="", max_length=8),
        ),
        refuse("consents", "feedepoch", "UPDATE", "DELETE"),
    ]
