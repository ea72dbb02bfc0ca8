"""Before publishing: the day on which the situations were as described is named if they change and it stays."""

import pytest

from disclosures.content.publications import newest_document
from disclosures.content.working_copy import working_document
from disclosures.guard_rails.preflight import dated_findings
from disclosures.models import Recipient, Scenario, Section, Site

pytestmark = pytest.mark.django_db


def named() -> list[tuple]:
    found = dated_findings(newest_document(), working_document())
    return [(one.kind, one.field, one.is_error) for one in found]


@pytest.mark.parametrize(("model", "code"), [(Scenario, "online-booking"), (Section, "scenarios")])
def test_date_that_stays_while_a_situation_changes_is_named(model, code):
    assert named() == []
    model.objects.filter(code=code).update(title="新しい題")
    assert named() == [("site", "as_of", False)]
    Site.objects.update(as_of="2026-02-03")
    assert named() == []


def test_date_says_nothing_of_what_is_not_about_a_situation():
    Recipient.objects.filter(code="minato-inn").update(address="東京都")
    Section.objects.filter(page__code="contact").update(title="新しい題")
    assert named() == []


def test_nothing_is_named_before_the_first_publication():
    assert dated_findings(None, working_document()) == []
