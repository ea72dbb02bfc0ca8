"""Each refusal of a list of affected people: it says why, and nothing was written."""

from datetime import UTC, datetime

import pytest

from disclosures.affected.actions import ask_for_list
from disclosures.affected.filters import AffectedFilters
from tests.support.incidents import INN, WHY
from tests.support.refusals import Refused, assert_refused, without_a_case

pytestmark = pytest.mark.django_db


def asking(has, *, reason=WHY, **more):
    return {"filters": AffectedFilters(**{**vars(INN), **more}), "reason": reason, "by": has.officer}


CASES = [
    Refused(ask_for_list, "Say why", lambda has: asking(has, reason="  ")),
    Refused(ask_for_list, "ends before it begins", lambda has: asking(has, until=INN.since)),
    Refused(ask_for_list, "Days are between", lambda has: asking(has, until=datetime(9999, 12, 31, tzinfo=UTC))),
    Refused(ask_for_list, "Days are between", lambda has: asking(has, since=datetime(1, 1, 1, tzinfo=UTC))),
    Refused(ask_for_list, "There is no ", lambda has: asking(has, recipient="nobody")),
    Refused(ask_for_list, "There is no item", lambda has: asking(has, items=("shoe-size",))),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("disclosures.affected", CASES) == []
