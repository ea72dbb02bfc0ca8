"""Who acts for a person only with the right to answer, and while it lasts: else nothing is written."""

import pytest

from consents.acting.actions import note_acted
from consents.models import RepresentationScope
from consents.representatives.actions import end_by_person
from privacycenter.models import RowKind
from tests.support.refusals import Refused, assert_refused, without_a_case
from tests.support.representatives import appointed, seen_by, wanted

pytestmark = pytest.mark.django_db


def acted(has, **more):
    row = appointed(has.hanako, has.taro, has.officer, wanted(**more))
    person = seen_by(has.taro, row)
    return {"person": person, "kind": RowKind.DECISION, "row": (person.pk, row.id)}


def ended_meanwhile(has):
    given = acted(has)
    end_by_person(representation=given["person"].viewpoint.representation, by=has.hanako)
    return given


CASES = [
    Refused(note_acted, "can no longer answer", ended_meanwhile),
    Refused(note_acted, "can no longer answer", lambda has: acted(has, scope=RepresentationScope.SEE)),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refusal_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("consents.acting", CASES) == []
