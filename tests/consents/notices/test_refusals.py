"""Each refusal of a choice of mails: it says why, and nothing was written."""

import pytest

from consents.notices.actions import choose_preference
from tests.support.refusals import Refused, assert_refused, without_a_case

pytestmark = pytest.mark.django_db


CASES = [
    Refused(choose_preference, "no such frequency", lambda has: {"frequency": "hourly", "by": has.hanako}),
    Refused(choose_preference, "does not speak", lambda has: {"language": "xx", "by": has.hanako}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("consents.notices", CASES) == []
