"""What reports cite for their ground, and one case a day where they cite nothing."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0003_judged_by"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="correction",
            name="evidence_kind",
            field=models.PositiveSmallIntegerField(
                blank=True,
                choices=[
                    (1, "Your own act in the service"),
                    (2, "A version of the privacy policy"),
                    (3, "A contract"),
                    (4, "An order or a demand under the law"),
                ],
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="evidence_reference",
            field=models.CharField(blank=True, max_length=64, null=True),
        ),
        migrations.AddField(
            model_name="correction",
            name="shown_publication",
            field=models.IntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="disclosure",
            name="evidence_kind",
            field=models.PositiveSmallIntegerField(
                blank=True,
                choices=[
                    (1, "Your own act in the service"),
                    (2, "A version of the privacy policy"),
                    (3, "A contract"),
                    (4, "An order or a demand under the law"),
                ],
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="disclosure",
            name="evidence_reference",
            field=models.CharField(blank=True, max_length=64, null=True),
        ),
        migrations.AddField(
            model_name="disclosure",
            name="shown_publication",
            field=models.IntegerField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="case",
            name="kind",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (1, "flagged disclosure"),
                    (2, "conflicting report"),
                    (3, "flagged correction"),
                    (4, "rejected report"),
                    (5, "reports without evidence, of one day"),
                ],
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", 5)), fields=("conflict_id",), name="a_day_without_evidence_once"
            ),
        ),
    ]
