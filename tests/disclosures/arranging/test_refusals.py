"""Each refusal of the actions that arrange, called directly: it says why, and nothing was written."""

import pytest

from disclosures.arranging.actions import arrange_page, arrange_pages
from disclosures.editing.page_outline import page_outline, pages_outline
from disclosures.models import Page
from tests.support.refusals import Refused, assert_refused, without_a_case

pytestmark = pytest.mark.django_db


def moving(has, **more):
    page = Page.objects.get(code="where-provided")
    told = {"page": page, "kind": "scenarios", "code": "online-booking", "to": "down", "by": has.editor}
    return {**told, "seen": page_outline(page).sha256, **more}


def moving_a_page(has, **more):
    return {"code": "faq", "to": "down", "seen": pages_outline().sha256, "by": has.editor, **more}


CASES = [
    Refused(arrange_page, "order was changed", lambda has: moving(has, seen="0" * 64)),
    Refused(arrange_page, " is not on this page", lambda has: moving(has, code="nothing")),
    Refused(arrange_page, " is not on this page", lambda has: moving(has, page=Page.objects.get(code="faq"), seen=page_outline(Page.objects.get(code="faq")).sha256)),
    Refused(arrange_page, " is not on this page", lambda has: moving(has, kind="recipients", code="minato-inn")),
    Refused(arrange_page, "There is no section ", lambda has: moving(has, section="nothing")),
    Refused(arrange_pages, "order was changed", lambda has: moving_a_page(has, seen="")),
    Refused(arrange_pages, "There is no page ", lambda has: moving_a_page(has, code="nothing")),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("disclosures.arranging", CASES) == []
