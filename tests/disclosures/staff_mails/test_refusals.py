"""Each refusal of a choice about mails to staff: it says why, and nothing was written."""

import pytest

from disclosures.staff_mails.actions import choose_staff_mails
from tests.support.refusals import Refused, assert_refused, without_a_case

pytestmark = pytest.mark.django_db


def choosing(has, frequency="daily", language="ja"):
    return {"frequency": frequency, "language": language, "by": has.officer}


CASES = [
    Refused(choose_staff_mails, "no such frequency", lambda has: choosing(has, "hourly")),
    Refused(choose_staff_mails, "does not speak", lambda has: choosing(has, language="fr")),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("disclosures.staff_mails", CASES) == []
