"""That a representative was entered is a change that the desk makes to an account."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0036_incident_corrections"),
    ]

    operations = [
        migrations.AlterField(
            model_name="accountstep",
            name="kind",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (1, "log-in blocked"),
                    (2, "log-in allowed again"),
                    (3, "logged out everywhere"),
                    (4, "passkeys and second factors removed"),
                    (5, "e-mail address changed"),
                    (6, "roles changed"),
                    (7, "staff account made"),
                    (8, "mail to choose a password sent"),
                    (9, "erased"),
                    (10, "put together with another account of the same person"),
                    (11, "taken apart from another account again"),
                    (12, "a representative entered: who may act for whom"),
                ]
            ),
        ),
    ]
