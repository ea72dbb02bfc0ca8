"""Each refusal of a file of the record: it says why, and nothing was written."""

import pytest

from consents.exports.actions import Wanted, request_export
from consents.exports.behalf_actions import Handover, export_for_person
from tests.support.refusals import Refused, assert_refused, without_a_case

pytestmark = pytest.mark.django_db

WANTED = Wanted("json", "", "ja", 0)


def a_third(has):
    for _number in range(2):
        request_export(wanted=WANTED, by=has.hanako)
    return {"wanted": WANTED, "by": has.hanako}


def for_hanako(has, *, reason="窓口での開示の請求のため", address="hanako@example.jp"):
    handover = Handover(address, "ABCD-2345")
    return {"wanted": WANTED, "person": has.hanako, "reason": reason, "handover": handover, "by": has.officer}


CASES = [
    Refused(request_export, "Two files are being made", a_third),
    Refused(export_for_person, "reason", lambda has: for_hanako(has, reason=" 短い ")),
    Refused(export_for_person, "address", lambda has: for_hanako(has, address="nobody")),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("consents.exports", CASES) == []
