"""Change sets, their entries and steps; the set of a revision and of a proposal."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from privacycenter.database.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0042_sensitive_services"),
        ("privacycenter", "0013_stored_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="proposal",
            name="patch",
            field=models.JSONField(null=True),
        ),
        migrations.CreateModel(
            name="ChangeSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("is_default", models.BooleanField(default=False)),
                ("is_aside", models.BooleanField(default=False)),
                ("is_embargoed", models.BooleanField(default=False, verbose_name="under embargo")),
                ("embargo_until", models.DateTimeField(blank=True, null=True, verbose_name="embargo until")),
                ("publish_until", models.DateTimeField(blank=True, null=True, verbose_name="publish until")),
                (
                    "state",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "open"), (2, "published"), (3, "discarded")], default=1, verbose_name="status"
                    ),
                ),
                ("publication", models.PositiveIntegerField(null=True, verbose_name="publication")),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended at")),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="change_sets",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "reverses",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversals",
                        to="disclosures.changeset",
                    ),
                ),
            ],
            options={
                "verbose_name": "change set",
                "verbose_name_plural": "change sets",
                "ordering": ["-pk"],
            },
        ),
        migrations.AddField(
            model_name="proposal",
            name="change_set",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proposals",
                to="disclosures.changeset",
                verbose_name="change set",
            ),
        ),
        migrations.AddField(
            model_name="revision",
            name="change_set",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="revisions",
                to="disclosures.changeset",
                verbose_name="change set",
            ),
        ),
        migrations.CreateModel(
            name="ChangeSetEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20, verbose_name="kind")),
                ("code", models.CharField(max_length=60, verbose_name="code")),
                ("base", models.JSONField(null=True)),
                ("entry", models.JSONField(null=True)),
                (
                    "change_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="disclosures.changeset",
                        verbose_name="change set",
                    ),
                ),
            ],
            options={
                "verbose_name": "entry of a change set",
                "verbose_name_plural": "entries of change sets",
            },
        ),
        migrations.CreateModel(
            name="ChangeSetStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "made"),
                            (2, "renamed"),
                            (3, "put under embargo"),
                            (4, "embargo lifted"),
                            (5, "the end of its publication was set"),
                            (6, "changes were moved"),
                            (7, "brought up to date with what was published since"),
                            (8, "published"),
                            (9, "discarded"),
                            (10, "reopened"),
                            (11, "could not be taken back at its end"),
                        ],
                        verbose_name="kind",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                ("happened_at", models.DateTimeField(verbose_name="when")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "change_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="disclosures.changeset",
                        verbose_name="change set",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a change set",
                "verbose_name_plural": "steps of change sets",
            },
        ),
        migrations.CreateModel(
            name="CurrentChangeSet",
            fields=[
                (
                    "editor",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "change_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="disclosures.changeset",
                        verbose_name="change set",
                    ),
                ),
            ],
            options={
                "verbose_name": "current change set",
                "verbose_name_plural": "current change sets",
            },
        ),
        migrations.AddIndex(
            model_name="changeset",
            index=models.Index(fields=["state", "-id"], name="change_set_by_state"),
        ),
        migrations.AddConstraint(
            model_name="changeset",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_default", True), ("state", 1)),
                fields=("owner",),
                name="one_open_default_set_of_an_owner",
            ),
        ),
        migrations.AddIndex(
            model_name="changesetentry",
            index=models.Index(fields=["kind", "code"], name="change_set_entry_by_code"),
        ),
        migrations.AddConstraint(
            model_name="changesetentry",
            constraint=models.UniqueConstraint(
                fields=("change_set", "kind", "code"), name="entry_once_in_a_change_set"
            ),
        ),
        refuse("disclosures", "changeset", "DELETE"),
        refuse("disclosures", "changesetstep", "UPDATE", "DELETE"),
        # SQLite may have rebuilt the tables.
        refuse("disclosures", "proposal", "UPDATE", "DELETE"),
        refuse("disclosures", "revision", "UPDATE", "DELETE"),
    ]
