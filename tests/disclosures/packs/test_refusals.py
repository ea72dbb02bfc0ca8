"""The refusal of a content pack by the actions that load it: it says where, and nothing was written."""

from hashlib import sha256

import pytest

from disclosures.packs.actions import load_content, rehearse_content, take_files
from disclosures.packs.schema import DataItemEntry, FileEntry, Pack, RecipientEntry
from disclosures.packs.unloading_actions import unload_content
from tests.support.refusals import Refused, assert_refused, without_a_case
from tests.support.site_files import DRAWING

pytestmark = pytest.mark.django_db


def pack_with_a_broken_reference(has):
    """What comes before the fault is new, and would be written."""
    item = DataItemEntry(code="shoe-size", title={"ja": "靴のサイズ"})
    recipient = RecipientEntry(code="new-inn", title={"ja": "新しい宿"}, country="XX", contact="a@inn.example")
    return {"pack": Pack(data_items=[item], recipients=[recipient])}


def pack_compared_with_another_state(has):
    item = DataItemEntry(code="shoe-size", title={"ja": "靴のサイズ"})
    return {"pack": Pack(data_items=[item]), "seen": "0" * 64}


def a_drawing():
    file = f"{sha256(DRAWING).hexdigest()}.svg"
    return FileEntry(code="flow", title={"ja": "流れ"}, alt={"ja": "図"}, file=file)


def pack_with_another_content(has):
    pack = Pack(files=[a_drawing()])
    pack.contents[pack.files[0].file] = DRAWING + b" "
    return {"pack": pack}


def pack_whose_content_is_not_kept(has):
    item = DataItemEntry(code="shoe-size", title={"ja": "靴のサイズ"})
    return {"pack": Pack(data_items=[item], files=[a_drawing()])}


CASES = [
    Refused(take_files, "files.yaml: [0].file (flow)", pack_with_another_content),
    Refused(load_content, "files.yaml: [0].file (flow)", pack_whose_content_is_not_kept),
    Refused(rehearse_content, "files.yaml: [0].file (flow)", pack_whose_content_is_not_kept),
    Refused(load_content, "was changed meanwhile", pack_compared_with_another_state),
    Refused(load_content, "recipients.yaml: [0].country (new-inn)", pack_with_a_broken_reference),
    Refused(rehearse_content, "recipients.yaml: [0].country (new-inn)", pack_with_a_broken_reference),
    Refused(unload_content, "recipients.yaml: [0].country (new-inn)", pack_with_a_broken_reference),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("disclosures.packs", CASES) == []
