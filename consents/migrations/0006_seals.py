"""Requests, decisions, steps and rules have a fingerprint over the whole row."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consents", "0005_how_long_data_is_kept"),
    ]

    operations = [
        migrations.AddField(
            model_name="approvalrequest",
            name="seal",
            field=models.BinaryField(max_length=33, null=True),
        ),
        migrations.AddField(
            model_name="decision",
            name="seal",
            field=models.BinaryField(max_length=33, null=True),
        ),
        migrations.AddField(
            model_name="requestcancellation",
            name="seal",
            field=models.BinaryField(max_length=33, null=True),
        ),
        migrations.AddField(
            model_name="standingrule",
            name="seal",
            field=models.BinaryField(max_length=33, null=True),
        ),
        migrations.AddField(
            model_name="withdrawalstep",
            name="seal",
            field=models.BinaryField(max_length=33, null=True),
        ),
    ]
