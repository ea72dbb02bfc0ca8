"""Each refusal of the actions on comments, called directly: it says why, and nothing was written."""

import pytest
from django.utils import timezone

from disclosures.comments.actions import (
    add_comment,
    choose_comment_mails,
    edit_comment,
    reopen_thread,
    resolve_thread,
    withdraw_comment,
)
from disclosures.comments.fields import CHANGEABLE_FOR, LONGEST_COMMENT
from tests.support.clock import clock_at
from tests.support.refusals import Refused, assert_refused, without_a_case

pytestmark = pytest.mark.django_db
PLACE = {"kind": "scenarios", "code": "online-booking", "field": "body"}


def a_comment(has, **more):
    return {**PLACE, "text": "文", "by": has.editor, **more}


def written(has) -> int:
    return add_comment(**a_comment(has)).pk


def own(has, **more):
    return {"comment": written(has), "by": has.editor, **more}


def changed(has):
    return own(has, text="別の文")


def of_another(has):
    return {"comment": written(has), "by": has.publisher}


def taken_back(has):
    sent = own(has)
    withdraw_comment(**sent)
    return sent


def long_ago(has):
    with clock_at(timezone.now() - 2 * CHANGEABLE_FOR):
        return own(has)


def resolved(has):
    thread = written(has)
    resolve_thread(thread=thread, by=has.editor)
    return a_comment(has, thread=thread)


def unseen(has):
    return {"thread": written(has), "by": has.hanako}


CASES = [
    Refused(add_comment, "no such field", lambda has: a_comment(has, field="none")),
    Refused(add_comment, "no such field", lambda has: a_comment(has, by=has.hanako)),
    Refused(add_comment, "no such thread on", lambda has: a_comment(has, thread=written(has), field="title")),
    Refused(add_comment, "no such thread", lambda has: a_comment(has, thread=0)),
    Refused(add_comment, "is resolved", resolved),
    Refused(add_comment, "has words", lambda has: a_comment(has, text=" ")),
    Refused(add_comment, "characters", lambda has: a_comment(has, text="x" * (LONGEST_COMMENT + 1))),
    Refused(add_comment, "", lambda has: a_comment(has, text="a\u202eb")),
    Refused(add_comment, "has the name", lambda has: a_comment(has, text="@nobody")),
    Refused(add_comment, "has the name", lambda has: a_comment(has, text=f"@{has.hanako.username}")),
    Refused(edit_comment, "comment of yours", lambda has: {**of_another(has), "text": "x"}),
    Refused(edit_comment, "is withdrawn", lambda has: {**taken_back(has), "text": "x"}),
    Refused(edit_comment, "too long ago", lambda has: {**long_ago(has), "text": "x"}),
    Refused(edit_comment, "has words", lambda has: own(has, text="")),
    Refused(edit_comment, "characters", lambda has: own(has, text="x" * (LONGEST_COMMENT + 1))),
    Refused(edit_comment, "", lambda has: own(has, text="a\u202eb")),
    Refused(edit_comment, "has the name", lambda has: own(has, text="@nobody")),
    Refused(withdraw_comment, "comment of yours", of_another),
    Refused(withdraw_comment, "is withdrawn", taken_back),
    Refused(withdraw_comment, "too long ago", long_ago),
    Refused(resolve_thread, "no such thread", unseen),
    Refused(reopen_thread, "no such thread", unseen),
    Refused(choose_comment_mails, "no such choice", lambda has: {"wanted": "x", "by": has.editor}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("disclosures.comments", CASES) == []
