"""Two windows that keep one draft at once, each in a transaction of its own."""

from uuid import uuid4

import pytest

from privacycenter.errors import NoLongerOpen
from privacycenter.kept_forms.actions import Typed
from privacycenter.kept_forms.draft_actions import Kept, end_draft, keep_draft
from privacycenter.kept_forms.drafts import typed_in_draft
from privacycenter.models import Draft
from tests.support.database import at_once

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


def keeping(id, version, text, by):
    typed = Typed("/admin/page/", "/admin/page/", (("body", text),))
    return lambda: keep_draft(id=id, version=version, form="terms/", typed=typed, by=by)


def texts() -> list[str]:
    return sorted(typed_in_draft(draft).values("body")[0] for draft in Draft.objects.exclude(sealed=""))


@pytest.mark.parametrize("is_there", [False, True])
def test_two_windows_that_keep_one_draft_at_once_lose_nothing(world, editor, is_there):
    id = uuid4()
    if is_there:
        keeping(id, 0, "これまで", editor)()
    version = int(is_there)
    at_once(keeping(id, version, "一", editor), keeping(id, version, "二", editor))
    assert texts() == ["一", "二"]


def test_draft_that_is_kept_while_it_is_saved_is_gone_or_refused(world, editor):
    id = uuid4()
    keeping(id, 0, "これまで", editor)()
    found = at_once(keeping(id, 1, "遅い", editor), lambda: end_draft(id=id, by=editor))
    assert isinstance(found[0], Kept | NoLongerOpen)
    assert texts() == []
