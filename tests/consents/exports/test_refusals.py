"""The refusal of a file of the record: it says why, and nothing was written."""

import pytest

from consents.exports.actions import Wanted, request_export
from tests.support.refusals import Refused, assert_refused, without_a_case

pytestmark = pytest.mark.django_db

WANTED = Wanted("json", "", "ja", 0)


def a_third(has):
    for _number in range(2):
        request_export(wanted=WANTED, by=has.hanako)
    return {"wanted": WANTED, "by": has.hanako}


CASES = [
    Refused(request_export, "Two files are being made", a_third),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("consents.exports", CASES) == []
