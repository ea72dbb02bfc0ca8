"""Each refusal of stopping and of undoing it: it says why, and nothing was written."""

import pytest

from consents.stopping.actions import stop_provision, undo_stopping
from consents.stopping.scopes import EVERYTHING, Scope
from tests.support.refusals import Refused, assert_refused, without_a_case

pytestmark = pytest.mark.django_db


def stopping(has, scope):
    return {"scope": scope, "language": "ja", "by": has.hanako}


CASES = [
    Refused(stop_provision, "no such recipient", lambda has: stopping(has, Scope("recipient", "nobody"))),
    Refused(stop_provision, "no such recipient", lambda has: stopping(has, Scope("nothing", ""))),
    Refused(undo_stopping, "not stopped", lambda has: {"scope": EVERYTHING, "by": has.hanako}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("consents.stopping", CASES) == []
