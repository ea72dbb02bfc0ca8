"""Each refusal to keep a form, called directly: it says why, and nothing was written."""

from uuid import uuid4

import pytest
from django.utils import timezone

from privacycenter.kept_forms.actions import KEEPING, LARGEST_BYTES, Typed, keep_form
from privacycenter.kept_forms.draft_actions import (
    KEEPING_DRAFTS,
    MOST_DRAFTS,
    UNDO_FOR,
    bring_draft_back,
    end_draft,
    keep_draft,
    throw_draft_away,
)
from privacycenter.models import Draft
from privacycenter.rate_limits.limits import Counted, spend
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


def a_draft(has, **more):
    return {"id": uuid4(), "version": 0, "form": "terms/", "typed": TYPED, "by": has.editor, **more}


def draft_too_large(has):
    return a_draft(has, **{key: value for key, value in too_large(has).items() if key == "typed"})


def too_many_calls(has):
    for _number in range(KEEPING_DRAFTS.amount):
        spend(KEEPING_DRAFTS, Counted("person", str(has.editor.pk)))
    return a_draft(has)


def too_many_drafts(has):
    for _number in range(MOST_DRAFTS):
        keep_draft(**a_draft(has))
    return a_draft(has)


def draft_of_a_saved_form(has):
    sent = a_draft(has)
    end_draft(id=sent["id"], by=has.editor)
    return sent


def draft_of_another(has):
    kept = keep_draft(**a_draft(has))
    return {"id": kept.id, "by": has.hanako}


def thrown_away_of_another(has):
    sent = draft_of_another(has)
    throw_draft_away(id=sent["id"], by=has.editor)
    return sent


def thrown_away_long_ago(has):
    kept = keep_draft(**a_draft(has))
    throw_draft_away(id=kept.id, by=has.editor)
    Draft.objects.update(ended_at=timezone.now() - UNDO_FOR)
    return {"id": kept.id, "by": has.editor}


def saved_before(has):
    sent = draft_of_a_saved_form(has)
    return {"id": sent["id"], "by": has.editor}


CASES = [
    Refused(keep_form, "bytes are kept", too_large),
    Refused(keep_form, "", too_many),
    Refused(keep_draft, "bytes are kept", draft_too_large),
    Refused(keep_draft, "", too_many_calls),
    Refused(keep_draft, "drafts already", too_many_drafts),
    Refused(keep_draft, "saved meanwhile", draft_of_a_saved_form),
    Refused(throw_draft_away, "no such draft", draft_of_another),
    Refused(throw_draft_away, "no such draft", saved_before),
    Refused(bring_draft_back, "any more", thrown_away_of_another),
    Refused(bring_draft_back, "any more", thrown_away_long_ago),
    Refused(bring_draft_back, "any more", saved_before),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("privacycenter.kept_forms", CASES) == []
