"""Each refusal of the actions that put back what was, called directly: it says why, and nothing was written."""

import pytest

from disclosures.content.working_copy import working_document
from disclosures.history.put_back_actions import put_entries, rehearse_entries
from disclosures.models import Page, Scenario, Section
from tests.support.refusals import Refused, assert_refused, without_a_case

pytestmark = pytest.mark.django_db


def part_with(entries):
    """The entries as they are now, but for what is said of them here."""
    now = working_document()
    return {
        kind: {code: None if said is None else now[kind][code] | said for code, said in its.items()}
        for kind, its in entries.items()
    }


def deleting_a_section():
    return {"sections": {Scenario.objects.get(code="online-booking").section.code: None}}


def tearing_a_section():
    """A section goes to another page, but its part does not."""
    torn = Section.objects.filter(parent__isnull=False).first().parent
    other = Page.objects.exclude(pk=torn.page_id).first()
    return part_with({"sections": {torn.code: {"page": other.code}}})


# What cannot be put → part of what the refusal says.
UNPUTTABLE = [
    (lambda: part_with({"scenarios": {"online-booking": {"links": ["gone"]}}}), "This is not there"),
    (lambda: part_with({"scenarios": {"online-booking": {"ground": "whim"}}}), "is no longer known"),
    (lambda: part_with({"scenarios": {"online-booking": {"ground": "approval", "item_list": "open"}}}), "item_list"),
    (deleting_a_section, "scenarios: online-booking"),
    (tearing_a_section, "sections"),
]


CASES = [
    *(Refused(put_entries, says, lambda has, part=part: {"part": part(), "by": has.editor}) for part, says in UNPUTTABLE),
    *(Refused(rehearse_entries, says, lambda _has, part=part: {"part": part()}) for part, says in UNPUTTABLE),
    Refused(put_entries, "was changed meanwhile", lambda has: {"part": part_with({"links": {}}), "by": has.editor, "seen": "0" * 64}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("disclosures.history", CASES) == []
