"""Each refusal about a page that opens once, called directly: it says why, and nothing was written."""

import pytest

from disclosures.one_time.actions import open_page
from tests.support.one_time import CODE, a_page, wrong
from tests.support.refusals import Refused, assert_refused, without_a_case

pytestmark = pytest.mark.django_db


def locked(has):
    page = a_page(has.hanako, has.officer)
    for _time in range(5):
        open_page(page=page, code=wrong())
    return {"page": page, "code": CODE}


CASES = [
    Refused(open_page, "eight letters", lambda has: {"page": a_page(has.hanako, has.officer), "code": "12"}),
    Refused(open_page, "opens no more", locked),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("disclosures.one_time", CASES) == []
