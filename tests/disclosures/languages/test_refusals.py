"""Each refusal of the actions on translations, called directly: it says why, and nothing was written."""

import pytest

from disclosures.content.parts import own
from disclosures.content.texts import Place
from disclosures.languages.actions import choose_language_beside, confirm_translation
from disclosures.models import Scenario
from disclosures.writing.actions import written_down
from privacycenter.canonical import sha256_of
from tests.support.refusals import Refused, assert_refused, without_a_case

pytestmark = pytest.mark.django_db


def confirming(has, **more):
    scenario = Scenario.objects.get(code="online-booking")
    with written_down(own([scenario]), by=has.editor):
        Scenario.objects.filter(pk=scenario.pk).update(title="新しい名前")
    place = Place("scenarios", "online-booking", "title")
    return {"place": place, "language": "en", "seen": sha256_of("新しい名前"), "by": has.editor, **more}


CASES = [
    Refused(confirm_translation, "changed meanwhile", lambda has: confirming(has, seen=sha256_of("別の名前"))),
    Refused(choose_language_beside, "no such language", lambda has: {"language": "fr", "by": has.editor}),
    Refused(choose_language_beside, "no such language", lambda has: {"language": "ja", "by": has.editor}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("disclosures.languages", CASES) == []
