"""Mails to staff about what is new at the desk."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from privacycenter.database.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0029_what_a_case_tells"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StaffMailChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "frequency",
                    models.CharField(
                        choices=[
                            ("daily", "Once a day, from 8 in the morning, if something is new"),
                            ("at_once", "Within minutes, whenever something is new"),
                            ("never", "No mails. I look here myself"),
                        ],
                        max_length=10,
                        verbose_name="how often",
                    ),
                ),
                ("language", models.CharField(max_length=10, verbose_name="language")),
                ("chosen_at", models.DateTimeField(verbose_name="when")),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="staff_mail_choices",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "choice about mails to staff",
                "verbose_name_plural": "choices about mails to staff",
            },
        ),
        migrations.CreateModel(
            name="StaffMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(verbose_name="when")),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="staff_mails",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "mail to staff",
                "verbose_name_plural": "mails to staff",
                "indexes": [models.Index(fields=["staff", "-until"], name="staff_mail_newest_first")],
            },
        ),
        *(
            refuse("disclosures", model, event)
            for model in ("staffmail", "staffmailchoice")
            for event in ("UPDATE", "DELETE")
        ),
    ]
