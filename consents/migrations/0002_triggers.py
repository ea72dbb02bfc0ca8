"""The database holds the tables to their promises, whoever writes to them."""

from django.db import migrations

from privacycenter.database.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [("consents", "0001_initial")]
    operations = [refuse("consents", model, "UPDATE", "DELETE") for model in ("approvalrequest", "decision")]
