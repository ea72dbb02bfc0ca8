"""Removal of recalls at the end of their retention: three years after the last that happened about them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction

from consents.models import Recall, RecallCase, RecallClosure, RecallMail, RecallStep
from disclosures.ledger.retention import Removed
from disclosures.models import Countersignature
from privacycenter.database.keyed_rows import of_free_people, of_keys
from privacycenter.database.purging import Key, delete_rows, purge_door, walk
from privacycenter.models import RowKind
from privacycenter.proof.retention_actions import held_by_log, remove_sealed


def old_recalls(cutoff: datetime) -> Iterator[list[Key]]:
    """Yield the keys of all recalls that were filed at the cutoff or before, in batches."""
    yield from walk(Recall.objects.filter(asked_at__lte=cutoff))


@transaction.atomic
def purge_recalls(*, keys: Sequence[Key], cutoff: datetime, dry_run: bool = False) -> Removed:
    """Remove those of these recalls whose retention is over, with their cases and steps. A transaction of its own.

    One stays while a case of it is open, and for three years after its last step. Those whose time the log cannot show
    yet stay, too.
    """
    recalls = of_keys(Recall.objects.order_by("person_id", "id"), of_free_people(keys))
    steps = of_keys(RecallStep.objects.all(), [recall.pk for recall in recalls], "recall_id")
    cases = of_keys(
        RecallCase.objects.select_related("closure"), [recall.pk for recall in recalls], "recall_id", "whose_id"
    )
    signed = of_keys(Countersignature.objects.all(), [recall.pk for recall in recalls], "recall_id")
    needed = {(step.person_id, step.recall_id) for step in steps if step.taken_at > cutoff}
    needed |= {(one.person_id, one.recall_id) for one in signed if one.received_at > cutoff}
    needed |= {
        (case.whose_id, case.recall_id) for case in cases if not case.is_closed or case.closure.closed_at > cutoff
    }
    held = held_by_log(RowKind.RECALL, [recall.pk for recall in recalls])
    held_steps = held_by_log(RowKind.RECALL_STEP, [step.pk for step in steps])
    held |= {(step.person_id, step.recall_id) for step in steps if step.pk in held_steps}
    held_signed = held_by_log(RowKind.COUNTERSIGNATURE, [one.pk for one in signed])
    held |= {(one.person_id, one.recall_id) for one in signed if one.pk in held_signed}
    gone = [recall.pk for recall in recalls if recall.pk not in needed | held]
    going = set(gone)
    gone_steps = [step.pk for step in steps if (step.person_id, step.recall_id) in going]
    gone_signed = [one.pk for one in signed if (one.person_id, one.recall_id) in going]
    gone_cases = [case.pk for case in cases if (case.whose_id, case.recall_id) in going]
    if gone and not dry_run:
        with purge_door():
            delete_rows(RecallMail.objects.filter(case_id__in=gone_cases).order_by())
            delete_rows(RecallClosure.objects.filter(case_id__in=gone_cases).order_by())
            delete_rows(RecallCase.objects.filter(pk__in=gone_cases).order_by())
            remove_sealed(RowKind.COUNTERSIGNATURE, Countersignature, gone_signed)
            remove_sealed(RowKind.RECALL_STEP, RecallStep, gone_steps)
            remove_sealed(RowKind.RECALL, Recall, gone)
    counts = Counter(
        recall=len(gone), recallstep=len(gone_steps), recallcase=len(gone_cases), countersignature=len(gone_signed)
    )
    return Removed(others=+counts, held=len(held - needed))
