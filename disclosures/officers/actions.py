"""Action that takes steps on cases."""

from django.db import transaction
from django.utils import timezone

from disclosures.models import Case, CaseStep
from privacycenter.errors import InvalidValue, TextChanged
from privacycenter.models import User

LONGEST_REASON = 5_000


@transaction.atomic
def take_case_step(*, case: Case, is_closing: bool, reason: str, seen: int | None = None, by: User) -> CaseStep:
    """Record what was found or done. A step that does not close a closed case reopens it.

    ``seen`` is how many steps the officer had seen; raises TextChanged if there are others. Raises InvalidValue without
    a reason.
    """
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise InvalidValue("Say what was found or done, in at most 5,000 characters.", "reason")
    Case.objects.select_for_update().get(pk=case.pk)
    if seen is not None and seen != CaseStep.objects.filter(case=case).count():
        raise TextChanged("Somebody else took a step meanwhile.")
    return CaseStep.objects.create(
        case=case, is_closing=is_closing, reason=reason, taken_at=timezone.now(), taken_by=by
    )
