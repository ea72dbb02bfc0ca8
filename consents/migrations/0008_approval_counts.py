"""Counts of standing approvals, for the checks before publishing: also of what stands in a database of before."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Exists, OuterRef
from django.utils import timezone

MATTER = ("person_id", "recipient_id", "scenario_id", "service_id")
AT_ONCE = 1000


def count_what_stands(apps: Any, schema_editor: Any) -> None:
    """Count each answer by the items that it allows now. One walk over what is decided where something is in force."""
    now, sets = timezone.now(), ItemSets(apps)
    counted = apps.get_model("consents", "CountedApproval")
    rows: list[Any] = []
    counts = Counter[tuple[Any, ...]]()
    for (person, recipient, scenario, service), decisions in groupby(in_force(apps, now), key=itemgetter(0, 1, 2, 3)):
        for id, until, language, items in standing(list(decisions), sets, now):
            key = (timezone.localdate(until), recipient, service, scenario, sets.key_of(items), language)
            counts[key] += 1
            rows.append(counted(person_id=person, id=id, ends_on=key[0], item_set_id=key[4]))
        if len(rows) >= AT_ONCE:
            counted.objects.bulk_create(rows)
            rows = []
    counted.objects.bulk_create(rows)
    names = ("ends_on", "recipient_id", "service_id", "scenario_id", "item_set_id", "language")
    count = apps.get_model("consents", "ApprovalCount")
    count.objects.bulk_create(
        (count(**dict(zip(names, key, strict=True)), approval_count=number) for key, number in counts.items()),
        batch_size=AT_ONCE,
    )


def in_force(apps: Any, now: datetime) -> Iterator[tuple[Any, ...]]:
    """Yield every decision about what an answer is in force for, grouped by what it is about, newest first."""
    decisions = apps.get_model("consents", "Decision").objects
    answers = decisions.filter(
        **{name: OuterRef(name) for name in MATTER},
        valid_until__gt=now, withdraws_id__isnull=True, undoes_id__isnull=True,
    )  # fmt: skip
    found = decisions.filter(Exists(answers)).order_by(*MATTER, "-decided_at", "-id")
    columns = ("id", "undoes_id", "valid_until", "language", "allowed_set_id", "refused_set_id")
    yield from found.values_list(*MATTER, *columns).iterator(chunk_size=AT_ONCE)


def standing(
    decisions: list[tuple[Any, ...]], sets: "ItemSets", now: datetime
) -> Iterator[tuple[UUID, datetime, str, tuple[str, ...]]]:
    """Yield each answer that allows something now, with just these items: the newest decision about an item counts."""
    undone = {decision[5] for decision in decisions if decision[5]}
    decided: set[str] = set()
    for *_matter, id, undoes, until, language, allowed, refused in decisions:
        if undoes or id in undone:
            continue
        left = tuple(sorted(set(sets.codes[allowed]) - decided))
        if left and until > now:
            yield id, until, language, left
        decided.update(sets.codes[allowed], sets.codes[refused])


class ItemSets:
    """The item sets by key, and those that are made for what was left of an answer."""

    def __init__(self, apps: Any) -> None:
        self.model, self.item = apps.get_model("disclosures", "ItemSet"), apps.get_model("disclosures", "DataItem")
        self.codes: dict[int, tuple[str, ...]] = {
            key: tuple(sorted(codes)) for key, codes in self.model.objects.values_list("pk", "codes")
        }
        self.keys = {codes: key for key, codes in self.codes.items()}

    def key_of(self, codes: tuple[str, ...]) -> int:
        if codes not in self.keys:
            digest = hashlib.sha256("\n".join(codes).encode()).hexdigest()
            made = self.model.objects.create(digest=digest, codes=list(codes))
            made.items.set(self.item.objects.filter(code__in=codes))
            self.keys[codes], self.codes[made.pk] = made.pk, codes
        return self.keys[codes]


class Migration(migrations.Migration):
    dependencies = [
        ("consents", "0007_changed_answers"),
        ("disclosures", "0011_route_facts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CountedApproval",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(editable=False)),
                ("ends_on", models.DateField()),
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
                        related_name="counted_approvals",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "counted approval",
                "verbose_name_plural": "counted approvals",
            },
        ),
        migrations.CreateModel(
            name="ApprovalCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ends_on", models.DateField()),
                ("language", models.CharField(max_length=10)),
                ("approval_count", models.PositiveBigIntegerField(default=0)),
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
                "verbose_name": "count of standing approvals",
                "verbose_name_plural": "counts of standing approvals",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("ends_on", "recipient", "service", "scenario", "item_set", "language"),
                        name="standing_approvals_are_counted_once",
                    )
                ],
            },
        ),
        migrations.RunPython(count_what_stands, migrations.RunPython.noop),
    ]
