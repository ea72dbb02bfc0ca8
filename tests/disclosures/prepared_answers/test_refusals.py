"""Each refusal of the actions on prepared answers, called directly: it says why, and nothing was written."""

import pytest

from disclosures.models import AnswerTemplate
from disclosures.prepared_answers.actions import load_templates, write_template
from tests.support.refusals import Refused, assert_refused, without_a_case

pytestmark = pytest.mark.django_db


def template(**more):
    known = {"code": "a", "titles": {"ja": "題"}, "texts": {"ja": "文"}}
    return {"template": AnswerTemplate(**{**known, **more})}


def entries(**more):
    return {"entries": [{"code": "a", "titles": {"ja": "題"}, "texts": {"ja": "文"}, **more}]}


CASES = [
    Refused(write_template, "A title is needed", lambda has: template(titles={"en": "x"})),
    Refused(write_template, "A text is needed", lambda has: template(texts={"ja": " "})),
    Refused(write_template, "A title has at most", lambda has: template(titles={"ja": "題" * 101})),
    Refused(write_template, "A text has at most", lambda has: template(texts={"ja": "文" * 4001})),
    Refused(write_template, "Nothing fills in", lambda has: template(texts={"ja": "{what}"})),
    Refused(load_templates, "no kind of request", lambda has: entries(kind="money")),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("disclosures.prepared_answers", CASES) == []
