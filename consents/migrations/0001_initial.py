"""All tables, as of the first release."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("disclosures", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FeedEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveBigIntegerField()),
                ("source", models.CharField(max_length=100)),
                ("event", models.JSONField()),
                ("happened_at", models.DateTimeField()),
                (
                    "reporter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="feed_entries",
                        to="disclosures.reporter",
                    ),
                ),
            ],
            options={
                "verbose_name": "feed entry",
                "verbose_name_plural": "feed entries",
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="FiledRequest",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "reporter_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(editable=False)),
                ("whose", models.BigIntegerField()),
                (
                    "reporter",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="filed_requests",
                        to="disclosures.reporter",
                    ),
                ),
            ],
            options={
                "verbose_name": "filed request",
                "verbose_name_plural": "filed requests",
            },
        ),
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "reporter_id", "key", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.CharField(max_length=255)),
                ("body_sha256", models.CharField(max_length=64)),
                ("request", models.CharField(blank=True, max_length=60)),
                ("status", models.PositiveSmallIntegerField(default=0)),
                ("called_at", models.DateTimeField()),
                (
                    "reporter",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="idempotency_keys",
                        to="disclosures.reporter",
                    ),
                ),
            ],
            options={
                "verbose_name": "repeated call",
                "verbose_name_plural": "repeated calls",
            },
        ),
        migrations.CreateModel(
            name="Mailing",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(editable=False)),
                ("notice_count", models.PositiveIntegerField()),
                ("sent_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="mailings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "mailing",
                "verbose_name_plural": "mailings",
            },
        ),
        migrations.CreateModel(
            name="Notice",
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
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "a request waits for your answer"),
                            (2, "a company received your data for the first time"),
                            (3, "a disclosure with a warning"),
                            (4, "an approval ends soon"),
                            (5, "a withdrawal went on"),
                            (6, "your file is ready"),
                        ]
                    ),
                ),
                ("about_id", models.UUIDField(null=True)),
                ("state", models.CharField(blank=True, max_length=40)),
                ("noticed_at", models.DateTimeField()),
                ("mail_on", models.DateField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.recipient",
                    ),
                ),
            ],
            options={
                "verbose_name": "notice",
                "verbose_name_plural": "notices",
            },
        ),
        migrations.CreateModel(
            name="NoticeReading",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(editable=False)),
                ("read_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="notice_readings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "read mark",
                "verbose_name_plural": "read marks",
            },
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(editable=False)),
                (
                    "frequency",
                    models.CharField(
                        choices=[
                            ("daily", "Once a day, if there is something new"),
                            ("weekly", "Once a week, on Monday, if there is something new"),
                            (
                                "urgent",
                                "Only what is urgent: requests, warnings, approvals that end (at most once a day)",
                            ),
                            ("never", "No e-mail. I look here myself"),
                        ],
                        max_length=10,
                    ),
                ),
                ("language", models.CharField(max_length=10)),
                ("is_by_link", models.BooleanField(default=False)),
                ("chosen_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="preferences",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "preference",
                "verbose_name_plural": "preferences",
            },
        ),
        migrations.CreateModel(
            name="RequestCancellation",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(editable=False)),
                ("request_id", models.UUIDField()),
                ("cancelled_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="request_cancellations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reporter",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.reporter",
                    ),
                ),
            ],
            options={
                "verbose_name": "cancelled request",
                "verbose_name_plural": "cancelled requests",
            },
        ),
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
                ("made_at", models.DateTimeField()),
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
            ],
            options={
                "verbose_name": "standing rule",
                "verbose_name_plural": "standing rules",
            },
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("event_type", models.CharField(max_length=40, verbose_name="event")),
                ("message_id", models.CharField(max_length=64, unique=True, verbose_name="number of the message")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting for the next try"),
                            ("delivered", "delivered"),
                            ("given_up", "given up"),
                            ("held", "held: the endpoint was disabled"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="created at")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
                ("next_attempt_at", models.DateTimeField(blank=True, null=True, verbose_name="next try at")),
                ("attempt_count", models.PositiveIntegerField(default=0, verbose_name="tries")),
                ("tries", models.PositiveIntegerField(default=0)),
                (
                    "entry",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="consents.feedentry",
                    ),
                ),
            ],
            options={
                "verbose_name": "webhook delivery",
                "verbose_name_plural": "webhook deliveries",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="WebhookAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("attempted_at", models.DateTimeField(verbose_name="when")),
                ("status", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="status")),
                ("error", models.CharField(blank=True, max_length=20, verbose_name="error")),
                ("duration_ms", models.PositiveIntegerField(verbose_name="duration (ms)")),
                ("excerpt", models.TextField(blank=True, verbose_name="answer")),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attempts",
                        to="consents.webhookdelivery",
                    ),
                ),
            ],
            options={
                "verbose_name": "webhook attempt",
                "verbose_name_plural": "webhook attempts",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="WebhookEndpoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("url", models.URLField(max_length=500, verbose_name="address")),
                ("event_types", models.JSONField(default=list, verbose_name="events")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="created at")),
                ("disabled_at", models.DateTimeField(blank=True, null=True, verbose_name="disabled at")),
                (
                    "disabled_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("by_hand", "disabled at the desk"),
                            ("gone", "its server answered that it is gone (410)"),
                            ("failing", "nothing arrived for days"),
                        ],
                        max_length=10,
                        verbose_name="why disabled",
                    ),
                ),
                ("failing_since", models.DateTimeField(blank=True, null=True, verbose_name="failing since")),
                ("paused_until", models.DateTimeField(blank=True, null=True, verbose_name="paused until")),
                (
                    "reporter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="webhook_endpoints",
                        to="disclosures.reporter",
                        verbose_name="reporter",
                    ),
                ),
            ],
            options={
                "verbose_name": "webhook endpoint",
                "verbose_name_plural": "webhook endpoints",
                "ordering": ["reporter__code", "pk"],
            },
        ),
        migrations.AddField(
            model_name="webhookdelivery",
            name="endpoint",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="deliveries", to="consents.webhookendpoint"
            ),
        ),
        migrations.CreateModel(
            name="WebhookSecret",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sealed", models.TextField()),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                (
                    "endpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="secrets",
                        to="consents.webhookendpoint",
                    ),
                ),
            ],
            options={
                "verbose_name": "webhook secret",
                "verbose_name_plural": "webhook secrets",
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
        migrations.CreateModel(
            name="ApprovalRequest",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(editable=False)),
                ("purposes", models.JSONField()),
                ("consequences", models.JSONField()),
                ("requested_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("valid_days", models.PositiveSmallIntegerField()),
                (
                    "item_set",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.itemset",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="approval_requests",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                    "reporter",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.reporter",
                    ),
                ),
                (
                    "scenario",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.scenario",
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
            ],
            options={
                "verbose_name": "approval request",
                "verbose_name_plural": "approval requests",
                "indexes": [
                    models.Index(
                        fields=["person", "recipient", "scenario", "service"], name="request_by_person_recipient"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(editable=False)),
                ("request_id", models.UUIDField()),
                ("withdraws_id", models.UUIDField(blank=True, null=True)),
                ("undoes_id", models.UUIDField(blank=True, null=True)),
                ("rule_id", models.UUIDField(blank=True, null=True)),
                ("opening", models.PositiveSmallIntegerField(default=0)),
                ("decided_at", models.DateTimeField()),
                ("valid_until", models.DateTimeField()),
                ("publication", models.PositiveIntegerField()),
                ("language", models.CharField(max_length=10)),
                ("text", models.JSONField()),
                ("text_sha256", models.CharField(max_length=64)),
                (
                    "allowed_set",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.itemset",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="decisions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                    "refused_set",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.itemset",
                    ),
                ),
                (
                    "scenario",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disclosures.scenario",
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
            ],
            options={
                "verbose_name": "decision",
                "verbose_name_plural": "decisions",
                "indexes": [
                    models.Index(
                        fields=["person", "recipient", "scenario", "service", "-decided_at"], name="decision_in_force"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undoes_id__isnull", True), ("withdraws_id__isnull", True)),
                        fields=("person", "request_id", "opening"),
                        name="an_open_request_is_answered_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("withdraws_id__isnull", False)),
                        fields=("person", "withdraws_id"),
                        name="a_decision_is_withdrawn_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("undoes_id__isnull", False)),
                        fields=("person", "undoes_id"),
                        name="a_decision_is_undone_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Export",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(editable=False)),
                (
                    "format",
                    models.CharField(
                        choices=[("pdf", "PDF"), ("csv", "CSV"), ("json", "JSON")], max_length=4, verbose_name="format"
                    ),
                ),
                ("query", models.CharField(blank=True, max_length=2000)),
                ("language", models.CharField(max_length=10, verbose_name="language")),
                ("row_count", models.PositiveIntegerField(default=0)),
                ("done_count", models.PositiveIntegerField(default=0)),
                ("size_bytes", models.PositiveBigIntegerField(default=0)),
                ("file_name", models.CharField(blank=True, max_length=80)),
                ("requested_at", models.DateTimeField(verbose_name="requested at")),
                ("held_until", models.DateTimeField(blank=True, null=True)),
                ("ready_at", models.DateTimeField(blank=True, null=True)),
                ("fetched_at", models.DateTimeField(blank=True, null=True)),
                ("failed_at", models.DateTimeField(blank=True, null=True)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("expired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="exports",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "export",
                "verbose_name_plural": "exports",
                "indexes": [models.Index(fields=["person", "-requested_at"], name="export_by_person_newest")],
            },
        ),
        migrations.AddConstraint(
            model_name="feedentry",
            constraint=models.UniqueConstraint(
                fields=("reporter", "number"), name="feed_numbers_are_unique_per_reporter"
            ),
        ),
        migrations.AddConstraint(
            model_name="feedentry",
            constraint=models.UniqueConstraint(fields=("reporter", "source"), name="feed_holds_an_event_once"),
        ),
        migrations.AddIndex(
            model_name="idempotencykey",
            index=models.Index(fields=["reporter", "called_at"], name="idempotency_key_by_age"),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["person", "-noticed_at"], name="notice_by_person_newest"),
        ),
        migrations.AddConstraint(
            model_name="requestcancellation",
            constraint=models.UniqueConstraint(fields=("person", "request_id"), name="a_request_is_cancelled_once"),
        ),
        migrations.AddConstraint(
            model_name="standingrule",
            constraint=models.UniqueConstraint(
                fields=("person", "kind", "code", "version"), name="versions_of_a_rule_are_numbered_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="webhookendpoint",
            constraint=models.UniqueConstraint(fields=("reporter", "url"), name="a_reporter_names_an_address_once"),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(fields=["endpoint", "state", "created_at"], name="delivery_by_endpoint"),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(fields=["state", "ended_at"], name="delivery_by_state"),
        ),
        migrations.AddConstraint(
            model_name="webhookdelivery",
            constraint=models.UniqueConstraint(
                fields=("entry", "endpoint"), name="an_event_is_delivered_once_per_endpoint"
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
    ]
