"""Which reporters are paused, and about which an alarm stands. Never writes."""

from django.db.models import OuterRef, QuerySet, Subquery

from disclosures.models import Reporter, ReporterStep, ReporterStepKind


def latest_step(reporter: Reporter) -> ReporterStep | None:
    """Return what was done last about a reporter. One SQL statement."""
    return reporter.steps.order_by("-pk").first()


def steps_of(reporter: Reporter) -> list[ReporterStep]:
    """Return all steps about a reporter, newest first. One SQL statement."""
    return list(reporter.steps.select_related("taken_by").order_by("-pk"))


def storms() -> list[ReporterStep]:
    """Return the alarms that stand, each with its reporter: nothing was done about it since. One SQL statement."""
    latest = ReporterStep.objects.filter(reporter=OuterRef("reporter")).order_by("-pk").values("pk")[:1]
    found = ReporterStep.objects.filter(kind=ReporterStepKind.STORM, pk=Subquery(latest))
    return list(found.select_related("reporter").order_by("pk"))


def paused() -> QuerySet[Reporter]:
    return Reporter.objects.filter(paused_at__isnull=False, stopped_at__isnull=True).order_by("code")


def paused_count() -> int:
    return paused().count()
