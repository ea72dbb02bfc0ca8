"""What flags were judged by, and the faults that a verification found."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from privacycenter.database.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0002_triggers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LedgerFault",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("part", models.CharField(max_length=60, verbose_name="part")),
                ("row", models.CharField(max_length=200, verbose_name="row")),
                ("what", models.TextField(verbose_name="what is wrong")),
                ("found_at", models.DateTimeField(verbose_name="found at")),
            ],
            options={
                "verbose_name": "fault in the ledger",
                "verbose_name_plural": "faults in the ledger",
                "ordering": ["-pk"],
            },
        ),
        migrations.AddField(
            model_name="correction",
            name="basis_id",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="correction",
            name="publication",
            field=models.IntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="disclosure",
            name="basis_id",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="disclosure",
            name="publication",
            field=models.IntegerField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="FaultAcknowledgement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField(verbose_name="why it is there")),
                ("acknowledged_at", models.DateTimeField(verbose_name="when")),
                (
                    "acknowledged_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "fault",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acknowledgement",
                        to="disclosures.ledgerfault",
                        verbose_name="fault in the ledger",
                    ),
                ),
            ],
            options={
                "verbose_name": "acknowledged fault",
                "verbose_name_plural": "acknowledged faults",
            },
        ),
        refuse("disclosures", "ledgerfault", "UPDATE", "DELETE"),
        refuse("disclosures", "faultacknowledgement", "UPDATE", "DELETE"),
    ]
