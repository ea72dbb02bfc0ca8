"""A change reads only the entries that it can touch, and still writes down every entry that it changes."""

import pytest

from disclosures.content.changed_entries import changes_between
from disclosures.content.working_copy import MODELS, working_document
from disclosures.models import (
    Revision,
)
from tests.support.desk import form_on
from tests.support.site_files import a_file

pytestmark = pytest.mark.django_db

NOW = {"retired_at_0": "2026-11-01", "retired_at_1": "10:00:00"}
TITLED = {"definitions": "term", "questions": "question", "terms": "term", "synonyms": "line"}
# Kind, and what its form says otherwise.
SAVES = [
    *((kind, {TITLED.get(kind, "title"): "別の題 = 別名" if kind == "synonyms" else "別の題"}) for kind in MODELS),
    *((kind, {"position": "99"}) for kind in MODELS if kind not in ("site", "countries")),
    *((kind, NOW) for kind in ("data_items", "services", "recipients", "scenarios")),
    ("sections", {"definitions-0-term": "別の用語"}),
    ("sections", {"definitions-0-DELETE": "on"}),
    ("sections", {"questions-0-code": "new-question", "questions-0-question": "問い", "questions-0-answer": "答え"}),
    ("scenarios", {"scenario_items-0-DELETE": "on", "services": [], "recipients": [], "links": []}),
]


def first_listed(kind):
    """A row that other entries list, where there is one."""
    codes = {"sections": "personal-information", "data_items": "name", "services": "jalan", "recipients": "minato-inn"}
    rows = MODELS[kind]._default_manager.all()
    found = rows.filter(code=codes[kind]) if kind in codes else rows
    return found.first() or rows.first() or a_file()


@pytest.mark.parametrize(("kind", "changes"), SAVES)
def test_save_writes_down_all_that_it_changes(as_editor, kind, changes):
    row = first_listed(kind)
    path = f"/admin/disclosures/{row._meta.model_name}/{row.pk}/change/"
    form = form_on(as_editor, path)
    before, newest = working_document(), Revision.objects.first().pk
    assert as_editor.post(path, {**form, **changes, "_save": "on"}).status_code == 302
    changed = {(one.kind, one.code) for one in changes_between(before, working_document())}
    assert {(one.kind, one.code) for one in Revision.objects.filter(pk__gt=newest)} == changed != set()
