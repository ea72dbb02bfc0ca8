"""Each refusal of the actions about translations, called directly: it says why, and nothing was written."""

import pytest

from disclosures.content.texts import Place
from disclosures.models import Scenario
from disclosures.translating.actions import Translation, take_translations
from privacycenter.canonical import sha256_of
from tests.support.refusals import Refused, assert_refused, without_a_case

pytestmark = pytest.mark.django_db

TITLE, BODY = (Place("scenarios", "online-booking", field) for field in ("title", "body"))


def taking(has, place=TITLE, words="Book online", language="en", **changed):
    texts = Scenario.objects.get(code="online-booking").texts(place.column)
    told = {"source_sha256": sha256_of(texts["ja"]), "target_sha256": sha256_of(texts["en"]), **changed}
    return {"language": language, "translations": [Translation(place, words, **told)], "by": has.editor}


CASES = [
    Refused(take_translations, "no such language", lambda has: taking(has, language="fr")),
    Refused(take_translations, "no such language", lambda has: taking(has, language="ja")),
    Refused(take_translations, "It is empty.", lambda has: taking(has, words="")),
    Refused(take_translations, "", lambda has: taking(has, words="a\x00b")),
    Refused(take_translations, "", lambda has: taking(has, words="two\nlines")),
    Refused(take_translations, "", lambda has: taking(has, words="x" * 201)),
    Refused(take_translations, "", lambda has: taking(has, words="a\u202eb")),
    Refused(take_translations, "", lambda has: taking(has, place=BODY, words="# Heading")),
    Refused(take_translations, "", lambda has: taking(has, place=BODY, words="[x](//evil.example)")),
    Refused(take_translations, "changed meanwhile", lambda has: taking(has, source_sha256="0" * 64)),
    Refused(take_translations, "changed meanwhile", lambda has: taking(has, target_sha256="0" * 64)),
    Refused(take_translations, "changed meanwhile", lambda has: taking(has, Place("scenarios", "nothing", "title"))),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("disclosures.translating", CASES) == []
