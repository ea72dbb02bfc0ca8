"""How requests to the operator are handled: by when, who the sender is, who is in charge; and prepared answers."""

from datetime import timedelta
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

from privacycenter.database.triggers import refuse, refuse_early

RECEIVED, ANSWERED, DECLINED = 1, 3, 4
NOT_NEEDED, NEEDED, CONFIRMED = 1, 2, 4
QUESTION = 5
BATCH = 500


def fill_standings(apps: Any, schema_editor: Any) -> None:
    """Write how each request of before stands. It is due as one is by default that came on its day."""
    Inquiry, Step, Standing = (
        apps.get_model("disclosures", name) for name in ("Inquiry", "InquiryStep", "InquiryStanding")
    )
    inquiries = Inquiry._base_manager.order_by("pk")
    batch = list(inquiries[:BATCH])
    while batch:
        steps: dict[int, list[Any]] = {}
        for step in Step._base_manager.filter(inquiry__in=batch).order_by("pk"):
            steps.setdefault(step.inquiry_id, []).append(step)
        Standing._base_manager.bulk_create(standing_of(Standing, one, steps.get(one.pk, [])) for one in batch)
        batch = list(inquiries.filter(pk__gt=batch[-1].pk)[:BATCH])


def standing_of(model: Any, inquiry: Any, steps: list[Any]) -> Any:
    due_on = timezone.localdate(inquiry.asked_at) + timedelta(days=settings.INQUIRY_DAYS)
    unknown = NOT_NEEDED if inquiry.kind == QUESTION else NEEDED
    return model(
        inquiry=inquiry, kind=inquiry.kind, status=steps[-1].status if steps else RECEIVED, law=settings.INQUIRY_LAW,
        asked_at=inquiry.asked_at, first_due_on=due_on, due_on=due_on,
        answered_at=next((step.taken_at for step in steps if step.status in (ANSWERED, DECLINED)), None),
        identity=CONFIRMED if inquiry.asked_by_id else unknown, whose_id=None, owner_id=None,
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0034_looks_by_reason"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AnswerTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=60, unique=True, verbose_name="code")),
                (
                    "kind",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (1, "See the data you hold about me"),
                            (2, "Correct, complete or delete data about me"),
                            (3, "Stop using data about me or giving it to others"),
                            (4, "Information on how data is handled abroad"),
                            (5, "A question, or to be told what your data is used for"),
                        ],
                        null=True,
                        verbose_name="for which requests",
                    ),
                ),
                ("titles", models.JSONField(default=dict)),
                ("texts", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name": "prepared answer",
                "verbose_name_plural": "prepared answers",
                "ordering": ["kind", "code"],
            },
        ),
        migrations.CreateModel(
            name="InquiryEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "the law was chosen"),
                            (2, "more time was taken"),
                            (3, "the identity was checked"),
                            (4, "somebody took charge"),
                            (5, "it was connected with a person's record"),
                            (6, "a note was written"),
                        ],
                        verbose_name="kind",
                    ),
                ),
                (
                    "law",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("appi", "Act on the Protection of Personal Information (Japan)"),
                            ("gdpr", "General Data Protection Regulation (EU)"),
                            ("ccpa", "California Consumer Privacy Act"),
                        ],
                        max_length=10,
                        verbose_name="law",
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="to be answered by")),
                (
                    "identity",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (1, "not needed"),
                            (2, "still to be checked"),
                            (3, "the sender was asked"),
                            (4, "confirmed"),
                            (5, "could not be confirmed"),
                        ],
                        null=True,
                        verbose_name="identity",
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("log_in", "by logging in"),
                            ("document", "a document was seen"),
                            ("phone", "by phone"),
                            ("in_person", "in person"),
                            ("known_details", "by details that only this person knows"),
                            ("representative", "a representative with a proof of authority"),
                        ],
                        max_length=20,
                        verbose_name="how",
                    ),
                ),
                ("words", models.TextField(blank=True, verbose_name="message to the person")),
                ("note", models.TextField(blank=True, verbose_name="internal note")),
                ("taken_at", models.DateTimeField(verbose_name="when")),
                (
                    "inquiry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="disclosures.inquiry",
                        verbose_name="request",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="in charge",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "whose",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "event of a request",
                "verbose_name_plural": "events of requests",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="InquiryStanding",
            fields=[
                (
                    "inquiry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="standing",
                        serialize=False,
                        to="disclosures.inquiry",
                    ),
                ),
                (
                    "kind",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "See the data you hold about me"),
                            (2, "Correct, complete or delete data about me"),
                            (3, "Stop using data about me or giving it to others"),
                            (4, "Information on how data is handled abroad"),
                            (5, "A question, or to be told what your data is used for"),
                        ]
                    ),
                ),
                (
                    "status",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "received"),
                            (2, "in progress"),
                            (3, "answered"),
                            (4, "cannot be met (with the reason)"),
                            (5, "closed"),
                        ],
                        default=1,
                    ),
                ),
                (
                    "law",
                    models.CharField(
                        choices=[
                            ("appi", "Act on the Protection of Personal Information (Japan)"),
                            ("gdpr", "General Data Protection Regulation (EU)"),
                            ("ccpa", "California Consumer Privacy Act"),
                        ],
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("first_due_on", models.DateField()),
                ("due_on", models.DateField()),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "identity",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "not needed"),
                            (2, "still to be checked"),
                            (3, "the sender was asked"),
                            (4, "confirmed"),
                            (5, "could not be confirmed"),
                        ]
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "whose",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "standing of a request",
                "verbose_name_plural": "standings of requests",
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", (1, 2))), fields=["due_on"], name="inquiry_waiting_by_due"
                    ),
                    models.Index(fields=["asked_at"], name="inquiry_standing_by_time"),
                ],
            },
        ),
        refuse("disclosures", "inquiryevent", "UPDATE"),
        refuse_early("disclosures", "inquiryevent", "taken_at"),
        migrations.RunPython(fill_standings, migrations.RunPython.noop, elidable=False),
    ]
