"""Keys of recipients, and what they signed with them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from privacycenter.database.triggers import refuse, refuse_early


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0031_words_of_the_law"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RecipientKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public", models.BinaryField(max_length=32)),
                ("fingerprint", models.CharField(max_length=64, unique=True, verbose_name="fingerprint")),
                ("registered_at", models.DateTimeField(verbose_name="registered at")),
                (
                    "recipient",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.recipient",
                    ),
                ),
                (
                    "registered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "key of a recipient",
                "verbose_name_plural": "keys of recipients",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Countersignature",
            fields=[
                ("seal", models.BinaryField(max_length=33, null=True)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(editable=False)),
                ("disclosure_id", models.UUIDField(blank=True, null=True)),
                ("recall_id", models.UUIDField(blank=True, null=True)),
                ("case_id", models.UUIDField(blank=True, null=True)),
                ("said", models.CharField(choices=[("received", "received"), ("deleted", "deleted")], max_length=10)),
                ("statement", models.TextField()),
                ("signature", models.BinaryField(max_length=64)),
                ("signed_at", models.DateTimeField()),
                ("reporter_id", models.BigIntegerField(blank=True, null=True)),
                ("is_by_recipient", models.BooleanField(default=False)),
                ("received_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="countersignatures",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.recipientkey",
                    ),
                ),
            ],
            options={
                "verbose_name": "signature of a recipient",
                "verbose_name_plural": "signatures of recipients",
            },
        ),
        migrations.CreateModel(
            name="RecipientKeyRetirement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=500, verbose_name="why")),
                ("retired_at", models.DateTimeField(verbose_name="retired at")),
                (
                    "key",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="retirement",
                        to="disclosures.recipientkey",
                        verbose_name="key",
                    ),
                ),
                (
                    "retired_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "retirement of a key of a recipient",
                "verbose_name_plural": "retirements of keys of recipients",
            },
        ),
        migrations.CreateModel(
            name="TakenSignature",
            fields=[("digest", models.CharField(max_length=64, primary_key=True, serialize=False))],
            options={
                "verbose_name": "signature that was taken",
                "verbose_name_plural": "signatures that were taken",
            },
        ),
        migrations.AddIndex(
            model_name="recipientkey",
            index=models.Index(fields=["recipient"], name="recipient_key_by_recipient"),
        ),
        migrations.AddConstraint(
            model_name="countersignature",
            constraint=models.UniqueConstraint(
                fields=("person", "disclosure_id", "said"), name="disclosure_countersigned_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="countersignature",
            constraint=models.UniqueConstraint(fields=("person", "case_id", "said"), name="recall_countersigned_once"),
        ),
        *(
            refuse("disclosures", model, event)
            for model in ("recipientkey", "recipientkeyretirement", "takensignature")
            for event in ("UPDATE", "DELETE")
        ),
        refuse("disclosures", "countersignature", "UPDATE"),
        refuse_early("disclosures", "countersignature", "received_at"),
    ]
