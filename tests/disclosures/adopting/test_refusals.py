"""Each refusal of beginning a site: it says why, and nothing was written."""

import pytest

from disclosures.adopting.actions import begin_site, make_first_administrator
from disclosures.adopting.answers import Answers, StaffAnswer
from tests.support.people import make_user
from tests.support.refusals import Refused, assert_refused, without_a_case

pytestmark = pytest.mark.django_db


def answers(content):
    return {
        "answers": Answers.model_validate(
            {
                "address": "https://privacy.midorino.example",
                "sender": "privacy@midorino.example",
                "title": {"ja": "みどり野鉄道 プライバシーセンター", "en": "Midorino Railway Privacy Center"},
                "operator": {"ja": "みどり野鉄道", "en": "Midorino Railway"},
                "content": str(content),
            }
        )
    }


def pack_that_is_not_there(has):
    return answers("/no/folder/here")


def pack_with_an_unknown_key(has):
    folder = has.tmp_path
    (folder / "services.yaml").write_text("- code: trains\n  title: {ja: 列車}\n  colour: green\n", encoding="utf-8")
    return answers(folder)


def name_of_an_editor(has):
    make_user("aoba", is_staff=True)
    return {"staff": StaffAnswer(username="Aoba", name="青葉", email="aoba@midorino.example")}


CASES = [
    Refused(begin_site, "folder", pack_that_is_not_there),
    Refused(begin_site, "services.yaml", pack_with_an_unknown_key),
    Refused(make_first_administrator, "another account's", name_of_an_editor),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("disclosures.adopting", CASES) == []
