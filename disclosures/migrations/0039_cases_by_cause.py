"""One case for each cause, with all of its events; and what is done about reporters whose reports are a storm of them."""

import re
from datetime import timedelta

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

from privacycenter.database.triggers import drop_trigger, refuse, refuse_changing, refuse_early
from privacycenter.identifiers import uuid8_from

FLAGGED, CONFLICT, CORRECTION, REJECTED, UNEVIDENCED = 1, 2, 3, 4, 5
DAYS = {FLAGGED: 14, CONFLICT: 14, CORRECTION: 14, REJECTED: 7, UNEVIDENCED: 30}
NOTED, CLOSED, REOPENED = 1, 2, 3
NOBODY = (0, None, None, None)
PROBLEM_TYPE = "urn:privacycenter:problem:"
POSITION = re.compile(r"\[\d+\]")
BATCH = 1000
COLUMNS = (
    "cause", "reporter_id", "service_id", "recipient_id", "scenario_id", "problem", "detail", "day", "due_on", "is_open",
)  # fmt: skip


def open_tables(apps, schema_editor):
    for table in ("disclosures_case", "disclosures_casestep"):
        for event in ("UPDATE", "DELETE"):
            drop_trigger(schema_editor, table, event)


def gather(apps, schema_editor):
    """Make each case of before an event of the case of its cause.

    A case on which a step was taken stays its own, so that no step is lost and nobody reads words meant for another. An
    open one of these gets a cause of its own: what is recorded from now on opens the case of the cause anew.
    """
    Case = apps.get_model("disclosures", "Case")
    first_of: dict = {}
    last = 0
    while batch := list(Case.objects.filter(pk__gt=last).order_by("pk")[:BATCH]):
        last = batch[-1].pk
        gather_batch(apps, batch, first_of)
    if schema_editor.connection.vendor == "postgresql":
        # Tables whose foreign keys are still to be checked cannot be altered.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def gather_batch(apps, batch, first_of):
    Case, CaseEvent = apps.get_model("disclosures", "Case"), apps.get_model("disclosures", "CaseEvent")
    facts, problems = facts_of(apps, batch), problems_of(apps, batch)
    kinds = steps_named(apps, batch)
    kept, events = [], []
    for case in batch:
        case.problem, field, case.detail = problems.get(case.conflict_id, ("", "", ""))
        case.reporter_id, case.service_id, case.recipient_id, case.scenario_id = facts.get(case.pk, NOBODY)
        case.day = timezone.localdate(case.opened_at)
        case.due_on = case.day + timedelta(days=DAYS[case.kind])
        case.cause = cause_of(case, field)
        steps = kinds.get(case.pk, [])
        changing = [kind for kind in steps if kind != NOTED]
        case.is_open = not changing or changing[-1] == REOPENED
        if steps and case.is_open:
            case.cause = uuid8_from("cause", "of a case of before", str(case.pk))
        into = case.pk if steps else first_of.setdefault(case.cause, case.pk)
        if into == case.pk:
            kept.append(case)
        events.append(
            CaseEvent(
                case_id=into,
                whose_id=case.whose_id,
                disclosure_id=case.disclosure_id,
                conflict_id=case.conflict_id,
                recorded_at=case.opened_at,
            )
        )
    Case.objects.bulk_update(kept, COLUMNS, batch_size=50)
    CaseEvent.objects.bulk_create(events)
    Case.objects.filter(pk__in={case.pk for case in batch} - {case.pk for case in kept}).delete()


def facts_of(apps, batch):
    """Return key of a case → reporter, service, recipient, situation, as far as its cause has them."""
    people, ids = {case.whose_id for case in batch}, {case.disclosure_id for case in batch}
    others = {case.conflict_id for case in batch}
    columns = ("person_id", "id", "reporter_id", "service_id", "recipient_id", "scenario_id")

    def rows_of(model, wanted, names):
        found = apps.get_model("disclosures", model).objects.filter(person_id__in=people, id__in=wanted)
        return {(row[0], row[1]): row[2:] for row in found.values_list(*names)}

    disclosures, corrections = rows_of("Disclosure", ids, columns), rows_of("Correction", others, columns)
    conflicts = rows_of("Conflict", others, columns[:3])
    reports = apps.get_model("disclosures", "RejectedReport").objects.filter(pk__in=others)
    reporters = dict(reports.values_list("pk", "reporter_id"))
    facts = {}
    for case in batch:
        key, other = (case.whose_id, case.disclosure_id), (case.whose_id, case.conflict_id)
        found = disclosures.get(key, NOBODY)
        if case.kind == CORRECTION:
            found = corrections.get(other, found)
        elif case.kind == CONFLICT:
            found = (*conflicts.get(other, found[:1]), *found[1:])
        elif case.kind == REJECTED:
            found = (reporters.get(case.conflict_id, 0), None, None, None)
        elif case.kind == UNEVIDENCED:
            found = (found[0], found[1], None, found[3])
        facts[case.pk] = found
    return facts


def problems_of(apps, batch):
    reports = apps.get_model("disclosures", "RejectedReport").objects.filter(
        pk__in={case.conflict_id for case in batch if case.kind == REJECTED}
    )
    return {
        pk: (
            problem["type"].removeprefix(PROBLEM_TYPE),
            POSITION.sub("", problem.get("field", "")),
            problem["detail"],
        )
        for pk, problem in reports.values_list("pk", "problem")
    }


def steps_named(apps, batch):
    """Say of each step what it was. Return key of a case → the kinds of its steps, in order."""
    CaseStep = apps.get_model("disclosures", "CaseStep")
    kinds: dict = {}
    by_kind: dict = {CLOSED: [], REOPENED: []}
    steps = CaseStep.objects.filter(case_id__in=[case.pk for case in batch]).order_by("pk")
    for pk, case, is_closing in steps.values_list("pk", "case_id", "is_closing"):
        before = kinds.setdefault(case, [])
        kind = CLOSED if is_closing else REOPENED if before and before[-1] == CLOSED else NOTED
        before.append(kind)
        if kind in by_kind:
            by_kind[kind].append(pk)
    for kind, keys in by_kind.items():
        CaseStep.objects.filter(pk__in=keys).update(kind=kind)
    return kinds


def cause_of(case, field):
    parts = (
        case.kind, case.reporter_id, case.service_id, case.recipient_id, case.scenario_id, case.flags, case.problem,
        field,
    )  # fmt: skip
    return uuid8_from("cause", case.day.isoformat(), *("" if part is None else str(part) for part in parts))


def key(**more):
    return models.ForeignKey(
        db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", **more
    )


def owner():
    return models.ForeignKey(
        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
        to=settings.AUTH_USER_MODEL, verbose_name="owner",
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("disclosures", "0038_attachments"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(open_tables),
        migrations.AddField(
            model_name="reporter",
            name="paused_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="paused at"),
        ),
        migrations.CreateModel(
            name="ReporterStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "unusually many events that need a look"),
                            (2, "looked into: it may go on"),
                            (3, "paused"),
                            (4, "resumed"),
                        ],
                        verbose_name="kind",
                    ),
                ),
                ("event_count", models.PositiveIntegerField(default=0)),
                ("reason", models.TextField(blank=True, verbose_name="Reason")),
                ("taken_at", models.DateTimeField(verbose_name="when")),
                (
                    "reporter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="disclosures.reporter",
                        verbose_name="reporter",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "step about a reporter",
                "verbose_name_plural": "steps about reporters",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="CaseEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("disclosure_id", models.UUIDField(verbose_name="disclosure")),
                ("conflict_id", models.UUIDField(verbose_name="conflict")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="disclosures.case",
                        verbose_name="case",
                    ),
                ),
                (
                    "whose",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "event of a case",
                "verbose_name_plural": "events of cases",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("whose", "disclosure_id", "conflict_id"), name="an_event_is_in_one_case"
                    )
                ],
                "indexes": [
                    models.Index(fields=["case", "recorded_at", "id"], name="event_by_case"),
                    models.Index(fields=["disclosure_id"], name="event_by_disclosure"),
                ],
            },
        ),
        migrations.AddField("case", "cause", models.UUIDField(null=True)),
        migrations.AddField("case", "reporter", key(null=True, to="disclosures.reporter")),
        migrations.AddField("case", "service", key(null=True, to="disclosures.service")),
        migrations.AddField("case", "recipient", key(null=True, to="disclosures.recipient")),
        migrations.AddField("case", "scenario", key(null=True, to="disclosures.scenario")),
        migrations.AddField("case", "problem", models.CharField(blank=True, default="", max_length=60)),
        migrations.AddField("case", "detail", models.TextField(blank=True, default="")),
        migrations.AddField("case", "day", models.DateField(null=True)),
        migrations.AddField("case", "is_open", models.BooleanField(default=True)),
        migrations.AddField("case", "owner", owner()),
        migrations.AddField("case", "due_on", models.DateField(null=True, verbose_name="due")),
        migrations.AddField(
            "casestep",
            "kind",
            models.PositiveSmallIntegerField(
                choices=[
                    (1, "noted"),
                    (2, "closed"),
                    (3, "reopened"),
                    (4, "given to somebody"),
                    (5, "given another day"),
                ],
                default=1,
                verbose_name="kind",
            ),
        ),
        migrations.AddField("casestep", "owner", owner()),
        migrations.AddField("casestep", "due_on", models.DateField(blank=True, null=True, verbose_name="due")),
        migrations.RunPython(gather),
        migrations.RemoveConstraint("case", "a_case_is_opened_once"),
        migrations.RemoveConstraint("case", "a_day_without_evidence_once"),
        migrations.RemoveField("case", "whose"),
        migrations.RemoveField("case", "disclosure_id"),
        migrations.RemoveField("case", "conflict_id"),
        migrations.RemoveField("casestep", "is_closing"),
        migrations.AlterField("case", "cause", models.UUIDField()),
        migrations.AlterField("case", "reporter", key(to="disclosures.reporter")),
        migrations.AlterField("case", "problem", models.CharField(blank=True, max_length=60)),
        migrations.AlterField("case", "detail", models.TextField(blank=True)),
        migrations.AlterField("case", "day", models.DateField()),
        migrations.AlterField("case", "due_on", models.DateField(verbose_name="due")),
        migrations.AlterField(
            "casestep", "reason", models.TextField(blank=True, verbose_name="what was found or done")
        ),
        migrations.AddIndex(
            "case",
            models.Index(
                condition=models.Q(("is_open", True)), fields=["due_on", "id"], name="open_case_by_day"
            ),
        ),
        migrations.AddIndex("case", models.Index(fields=["-opened_at"], name="case_newest_first")),
        migrations.AddConstraint(
            "case",
            models.UniqueConstraint(
                condition=models.Q(("is_open", True)), fields=("cause",), name="one_open_case_of_a_cause"
            ),
        ),
        refuse_changing(
            "disclosures", "case", "kind", "cause", "reporter_id", "service_id", "recipient_id", "scenario_id", "flags",
            "problem", "detail", "day", "opened_at",
        ),
        refuse_early("disclosures", "case", "opened_at"),
        refuse("disclosures", "casestep", "UPDATE"),
        refuse_early("disclosures", "casestep", "taken_at"),
        refuse("disclosures", "caseevent", "UPDATE"),
        refuse_early("disclosures", "caseevent", "recorded_at"),
        refuse("disclosures", "reporterstep", "UPDATE", "DELETE"),
        refuse("disclosures", "reporter", "DELETE"),
    ]  # fmt: skip
