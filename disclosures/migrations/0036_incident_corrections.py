"""Steps of incidents that take one back or put a recipient on hold, and the rows that a list of people holds."""

import django.db.models.deletion
from django.db import migrations, models

from privacycenter.database.triggers import refuse, refuse_early


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0035_requests_of_the_law"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="incident",
            options={
                "ordering": ["-opened_at", "-id"],
                "permissions": [("hold_recipient", "Can put a recipient on hold at once")],
                "verbose_name": "incident",
                "verbose_name_plural": "incidents",
            },
        ),
        migrations.AddField(
            model_name="incidentstep",
            name="recipient",
            field=models.CharField(blank=True, max_length=60, verbose_name="recipient"),
        ),
        migrations.AddField(
            model_name="incidentstep",
            name="takes_back",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="taken_back_by",
                to="disclosures.incidentstep",
            ),
        ),
        migrations.AlterField(
            model_name="incidentstep",
            name="kind",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (1, "a list of affected people was added"),
                    (2, "the text for the people affected was written"),
                    (3, "a measure was taken"),
                    (4, "the first report to the Personal Information Protection Commission was made"),
                    (5, "the final report to the Personal Information Protection Commission was made"),
                    (6, "the data protection authority was notified (GDPR art. 33)"),
                    (7, "the people affected are being told"),
                    (8, "it was announced in public, for those who cannot be reached"),
                    (9, "a note was written"),
                    (10, "it was closed"),
                    (11, "it was reopened"),
                    (12, "an entry was taken back"),
                    (13, "a recipient was put on hold"),
                    (14, "the hold of a recipient was ended"),
                ],
                verbose_name="kind",
            ),
        ),
        migrations.AddField(
            model_name="affectedperson",
            name="rows",
            field=models.TextField(default=""),
        ),
        # SQLite has rebuilt the tables.
        refuse("disclosures", "incidentstep", "UPDATE", "DELETE"),
        refuse("disclosures", "affectedperson", "UPDATE"),
        refuse_early("disclosures", "affectedperson", "listed_at", is_erasable=True),
    ]
