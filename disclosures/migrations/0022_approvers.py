"""Since when an account may approve is kept. Those that may already need not wait."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

from privacycenter.database.triggers import refuse

PERMISSIONS = ("add_proposalapproval", "add_accountstep", "add_withholdingstep")


def know_those_there(apps, schema_editor):
    User = apps.get_model("privacycenter", "User")
    Approver = apps.get_model("disclosures", "Approver")
    mine = {"content_type__app_label": "disclosures", "codename__in": PERMISSIONS}
    permissions = apps.get_model("auth", "Permission").objects.filter(**mine)
    may = (
        models.Q(is_superuser=True)
        | models.Q(groups__permissions__in=permissions)
        | models.Q(user_permissions__in=permissions)
    )
    found = User.objects.filter(may, is_active=True, is_staff=True).distinct().values_list("pk", flat=True)
    Approver.objects.bulk_create(
        Approver(account_id=pk, is_approver=True, is_known=True, noticed_at=timezone.now()) for pk in found
    )


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0021_erasures"),
        ("auth", "0012_alter_user_first_name_max_length"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Approver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_approver", models.BooleanField()),
                ("is_known", models.BooleanField()),
                ("noticed_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approver_rows",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"verbose_name": "approver", "verbose_name_plural": "approvers"},
        ),
        migrations.RunPython(know_those_there, migrations.RunPython.noop, elidable=True),
        refuse("disclosures", "approver", "UPDATE", "DELETE"),
    ]
