"""Actions of officers about a reporter whose reports are a storm of warnings: pause it, and let it go on."""

from django.db import transaction
from django.utils import timezone

from disclosures.models import Reporter, ReporterStep, ReporterStepKind
from disclosures.reporters.pauses import latest_step
from privacycenter.errors import InvalidValue, NoLongerOpen
from privacycenter.models import User

LONGEST_REASON = 5_000


@transaction.atomic
def pause_reporter(*, reporter: Reporter, reason: str, by: User) -> ReporterStep:
    """Have a reporter send again later whatever it would write, from its next call on, and answer its checks with a no.

    Its tokens stay good, and it may go on reading. An alarm about it is settled with this. Raises InvalidValue without
    a reason, and NoLongerOpen for a reporter that is paused already or stopped for good.
    """
    refuse_bad_reason(reason)
    held = hold(reporter)
    if held.paused_at or held.stopped_at:
        raise NoLongerOpen("It is paused or stopped already.")
    Reporter.objects.filter(pk=held.pk).update(paused_at=timezone.now())
    return write_step(held, ReporterStepKind.PAUSED, reason, by)


@transaction.atomic
def resume_reporter(*, reporter: Reporter, reason: str, by: User) -> ReporterStep:
    """Take calls of a paused reporter again. Raises InvalidValue without a reason, NoLongerOpen if it is not paused."""
    refuse_bad_reason(reason)
    held = hold(reporter)
    if not held.paused_at:
        raise NoLongerOpen("It is not paused.")
    Reporter.objects.filter(pk=held.pk).update(paused_at=None)
    return write_step(held, ReporterStepKind.RESUMED, reason, by)


@transaction.atomic
def settle_storm(*, reporter: Reporter, reason: str, by: User) -> ReporterStep:
    """Say that an alarm was looked into, and that the reporter may go on. What comes from now on may raise another.

    Raises InvalidValue without a reason, NoLongerOpen if no alarm stands.
    """
    refuse_bad_reason(reason)
    held = hold(reporter)
    latest = latest_step(held)
    if latest is None or latest.kind != ReporterStepKind.STORM:
        raise NoLongerOpen("No alarm stands about it.")
    return write_step(held, ReporterStepKind.SETTLED, reason, by)


def hold(reporter: Reporter) -> Reporter:
    """Return the reporter as it is now. Its steps are taken one after another."""
    return Reporter.objects.select_for_update(of=("self",), no_key=True).get(pk=reporter.pk)


def write_step(reporter: Reporter, kind: ReporterStepKind, reason: str, by: User) -> ReporterStep:
    return ReporterStep.objects.create(
        reporter=reporter, kind=kind, reason=reason, taken_at=timezone.now(), taken_by=by
    )


def refuse_bad_reason(reason: str) -> None:
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise InvalidValue("Say why, in at most 5,000 characters.", "reason")
