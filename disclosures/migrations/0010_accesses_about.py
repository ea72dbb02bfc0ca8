"""An access to a record can say by id what it was about, where the reason would only be words of the interface."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0009_retention_of_inquiries"),
    ]

    operations = [
        migrations.AddField(
            model_name="recordaccess",
            name="about_id",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="recordaccess",
            name="reason",
            field=models.CharField(blank=True, max_length=500),
        ),
    ]
