"""An officer's step about a case may tell the person what was found."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0028_incidents"),
    ]

    operations = [
        migrations.AddField(
            model_name="casestep",
            name="words",
            field=models.JSONField(blank=True, null=True, verbose_name="what the person reads"),
        ),
    ]
