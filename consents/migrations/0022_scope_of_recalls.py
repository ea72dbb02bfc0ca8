"""Who may answer for a person may also file recalls: the words say so."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consents", "0021_paused_answers")]

    operations = [
        migrations.AlterField(
            model_name="representation",
            name="scope",
            field=models.CharField(
                choices=[("see", "see the record"), ("decide", "see the record, answer and file recalls")],
                max_length=10,
            ),
        ),
    ]
