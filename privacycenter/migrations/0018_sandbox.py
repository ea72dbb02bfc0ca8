"""The clock of a sandbox, and its mails."""

from django.db import migrations, models

from privacycenter.database.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [
        ("privacycenter", "0017_log_by_time"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClockMove",
            fields=[
                ("number", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("seconds", models.PositiveBigIntegerField()),
                ("ahead_seconds", models.PositiveBigIntegerField()),
                ("moved_at", models.DateTimeField()),
                ("by", models.CharField(max_length=60)),
            ],
            options={
                "verbose_name": "move of the clock",
                "verbose_name_plural": "moves of the clock",
            },
        ),
        migrations.CreateModel(
            name="SandboxMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.EmailField(db_index=True, max_length=254, verbose_name="to")),
                ("subject", models.CharField(max_length=250, verbose_name="subject line")),
                ("text", models.TextField(verbose_name="text")),
                ("sent_at", models.DateTimeField(verbose_name="sent")),
            ],
            options={
                "verbose_name": "mail of the sandbox",
                "verbose_name_plural": "mails of the sandbox",
            },
        ),
        refuse("privacycenter", "clockmove", "UPDATE", "DELETE"),
    ]
