"""Each refusal to keep a form, called directly: it says why, and nothing was written."""

import pytest

from privacycenter.kept_forms.actions import KEEPING, LARGEST_BYTES, Typed, keep_form
from tests.support.refusals import Refused, assert_refused, without_a_case

pytestmark = pytest.mark.django_db
TYPED = Typed("/admin/page/", "/admin/page/", (("body", "文章"),))


def too_large(has):
    fields = (("body", "x" * LARGEST_BYTES),)
    return {"typed": Typed("/admin/page/", "/admin/page/", fields), "account": has.editor.pk}


def too_many(has):
    for _number in range(KEEPING.amount):
        keep_form(typed=TYPED, account=has.editor.pk)
    return {"typed": TYPED, "account": has.editor.pk}


CASES = [Refused(keep_form, "bytes are kept", too_large), Refused(keep_form, "", too_many)]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("privacycenter.kept_forms", CASES) == []
