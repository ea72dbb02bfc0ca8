"""Each refusal of the actions that change the working copy, called directly: it says why, and nothing was written."""

import pytest
from django.utils import timezone

from consents.incidents.actions import open_incident
from consents.incidents.hold_actions import hold_recipient
from disclosures.writing.hold_actions import LONGEST_REASON, publish_hold
from tests.support.content import a_new_recipient
from tests.support.refusals import Refused, assert_refused, without_a_case

pytestmark = pytest.mark.django_db


def holding(has, **more):
    return {"recipient": "minato-inn", "reason": {"ja": "確認しています。"}, "by": has.officer, **more}


def held_already(has, **more):
    incident = open_incident(title="漏えい", noticed_at=timezone.now(), by=has.officer)
    hold_recipient(incident=incident, **holding(has))
    return holding(has, **more)


CASES = [
    Refused(publish_hold, "Say in Japanese why", lambda has: holding(has, reason={"en": "Checking."})),
    Refused(publish_hold, "At most ", lambda has: holding(has, reason={"ja": "長" * (LONGEST_REASON + 1)})),
    Refused(publish_hold, "reason", lambda has: holding(has, reason={"ja": "\u200b"})),
    Refused(publish_hold, "No recipient", lambda has: holding(has, recipient="nothing")),
    Refused(publish_hold, "No recipient", lambda has: holding(has, recipient=a_new_recipient().code)),
    Refused(publish_hold, "on hold already", held_already),
    Refused(publish_hold, "is not on hold", lambda has: holding(has, reason=None)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("disclosures.writing", CASES) == []
