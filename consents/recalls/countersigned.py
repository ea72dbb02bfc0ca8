"""What a recipient can sign of a recall, and what it signed."""

from collections.abc import Iterable
from typing import Any

from consents.models import Recall, RecallCase, RecallStepKind
from disclosures.countersigning.matters import Matter
from disclosures.countersigning.queries import SignedView, offered, signed_about_cases, signed_entry
from disclosures.models import Said

# What a recipient signs of a step.
SAID_BY_STEP = {RecallStepKind.ACKNOWLEDGED: Said.RECEIVED, RecallStepKind.DELETED: Said.DELETED}


def matter_of_case(case: RecallCase) -> Matter:
    """Return what is signed about. One SQL statement for a case that was fetched with its references."""
    return matter_in(case, Recall.objects.get(person_id=case.whose_id, id=case.recall_id))


def matter_in(case: RecallCase, recall: Recall) -> Matter:
    """Return the same. No SQL for a case that was fetched with its references."""
    target = next(one for one in recall.targets if one["case"] == str(case.case_id))
    return Matter(
        person=case.whose_id,
        id=case.case_id,
        recall=case.recall_id,
        recipient=case.recipient,
        service=target["service"],
        items=target["items"],
        at=recall.asked_at,
    )


def signed_of_case(case: RecallCase) -> list[SignedView]:
    """Return what was signed about one case, oldest first. One SQL statement."""
    return signed_about_cases([case.whose_id], [case.recall_id]).get(case.case_id, [])


def signed_state(case: RecallCase, recall: Recall) -> dict[str, Any]:
    """Return what was and can be signed about a case, as the API shows it. One SQL statement."""
    return {"countersignatures": entries(signed_of_case(case)), "to_sign": offered(matter_in(case, recall))}


def entries(signed: Iterable[SignedView]) -> list[dict[str, str]]:
    return [signed_entry(one) for one in signed]
