"""Undoing an answer, standing rules, and what follows a withdrawal."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from privacycenter.database.triggers import refuse, refuse_early


class Migration(migrations.Migration):
    dependencies = [
        ("consents", "0005_cancellations"),
        ("disclosures", "0004_desk_triggers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StandingRule",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("all", "every request"),
                            ("abroad", "recipients abroad"),
                            ("country", "a country"),
                            ("scenario", "a purpose"),
                            ("item", "an item"),
                            ("recipient", "a recipient"),
                        ],
                        max_length=10,
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=100)),
                ("version", models.PositiveIntegerField()),
                (
                    "setting",
                    models.CharField(
                        choices=[("refuse", "always refuse"), ("ask", "ask me each time"), ("off", "ended")],
                        max_length=10,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="standing_rules",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "standing rule",
                "verbose_name_plural": "standing rules",
            },
        ),
        migrations.CreateModel(
            name="WithdrawalCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("withdrawal_id", models.UUIDField(verbose_name="withdrawal")),
                ("opened_at", models.DateTimeField(verbose_name="opened at")),
                ("due_at", models.DateTimeField(verbose_name="due at")),
                (
                    "recipient",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.recipient",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.service",
                    ),
                ),
                (
                    "whose",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "withdrawal case",
                "verbose_name_plural": "withdrawal cases",
                "ordering": ["due_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="WithdrawalClosure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("closed_at", models.DateTimeField(verbose_name="closed at")),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="closure",
                        to="consents.withdrawalcase",
                        verbose_name="case",
                    ),
                ),
            ],
            options={
                "verbose_name": "closing of a withdrawal case",
                "verbose_name_plural": "closings of withdrawal cases",
            },
        ),
        migrations.CreateModel(
            name="WithdrawalStep",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(editable=False)),
                ("withdrawal_id", models.UUIDField()),
                (
                    "kind",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "told"), (2, "acknowledged"), (3, "kept"), (4, "deleted")]
                    ),
                ),
                ("reason", models.JSONField(default=dict)),
                ("is_delivery", models.BooleanField(default=False)),
                ("reporter_id", models.BigIntegerField(blank=True, null=True)),
                ("staff_id", models.BigIntegerField(blank=True, null=True)),
                ("taken_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="withdrawal_steps",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "step after a withdrawal",
                "verbose_name_plural": "steps after withdrawals",
            },
        ),
        migrations.RemoveConstraint(
            model_name="decision",
            name="a_request_is_answered_once",
        ),
        migrations.AddField(
            model_name="decision",
            name="opening",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="decision",
            name="rule_id",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="decision",
            name="undoes_id",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undoes_id__isnull", True), ("withdraws_id__isnull", True)),
                fields=("person", "request_id", "opening"),
                name="an_open_request_is_answered_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undoes_id__isnull", False)),
                fields=("person", "undoes_id"),
                name="a_decision_is_undone_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="standingrule",
            constraint=models.UniqueConstraint(
                fields=("person", "kind", "code", "version"), name="versions_of_a_rule_are_numbered_once"
            ),
        ),
        migrations.AddIndex(
            model_name="withdrawalcase",
            index=models.Index(fields=["due_at"], name="withdrawal_case_by_due"),
        ),
        migrations.AddConstraint(
            model_name="withdrawalcase",
            constraint=models.UniqueConstraint(fields=("whose", "withdrawal_id"), name="a_withdrawal_has_one_case"),
        ),
        migrations.AddConstraint(
            model_name="withdrawalstep",
            constraint=models.UniqueConstraint(fields=("person", "withdrawal_id", "kind"), name="a_step_is_taken_once"),
        ),
        # SQLite forgets the triggers of a table that is rebuilt.
        refuse("consents", "decision", "UPDATE"),
        refuse_early("consents", "decision", "decided_at"),
        refuse("consents", "standingrule", "UPDATE", "DELETE"),
        refuse("consents", "withdrawalstep", "UPDATE", "DELETE"),
        refuse("consents", "withdrawalcase", "UPDATE", "DELETE"),
        refuse("consents", "withdrawalclosure", "UPDATE", "DELETE"),
    ]
