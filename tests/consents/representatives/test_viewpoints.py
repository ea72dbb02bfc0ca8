"""What somebody who represents a person sees of them."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consents.asking.decisions import decision_history
from consents.asking.requests import open_requests
from consents.overview.queries import overview_page
from consents.overview.recipient_list import held_page
from consents.representatives.viewpoints import NARROWED
from disclosures.content.publications import newest_document
from disclosures.models import Recipient, WithholdingGround
from disclosures.officers.withholding_actions import withhold_disclosure
from disclosures.public.titles import Names
from disclosures.record.actions import hide_recipient
from disclosures.record.disclosure_list import disclosure_list
from disclosures.record.disclosure_page import disclosure_page
from disclosures.record.effective_record import combinations, corrected_record
from privacycenter.models import User
from privacycenter.models.owner_keys import OwnerKey
from tests.support.asking import answer, ask
from tests.support.events import a_correction, an_event, record
from tests.support.representatives import appointed, seen_by, wanted

pytestmark = pytest.mark.django_db
OF_A_RESTAURANT = {"service": "hotpepper-gourmet", "scenario": "online-booking"}


def recipients_in(person) -> set[str]:
    return {one.recipient for one in combinations(corrected_record(person))}


def listed(person) -> set[str]:
    return {row.recipient.text for row in disclosure_list(person, Names(newest_document())).rows}


@pytest.fixture
def sees(hanako, taro, officer):
    """hanako, as taro sees her. Without what is left out of the representation."""
    return lambda **more: seen_by(taro, appointed(hanako, taro, officer, wanted(**more)))


def test_service_that_was_left_out_is_left_out_everywhere(hanako, reporter, sees):
    record(reporter, an_event(), an_event("event-2", recipient="komorebi-toge", **OF_A_RESTAURANT))
    left, kept = hanako.disclosures.get(event_id="event-2"), hanako.disclosures.get(event_id="event-1")
    seen, names = sees(left_out=("hotpepper-gourmet",)), Names(newest_document())
    assert recipients_in(hanako) == {"minato-inn", "komorebi-toge"}
    assert recipients_in(seen) == {"minato-inn"}
    page = overview_page(seen, names, new_since=None)
    assert (page.disclosure_count, page.recipient_count, sum(bar.count for bar in page.bars)) == (1, 1, 1)
    assert len(held_page(seen, names, on=None).recipients) == 1
    assert disclosure_page(seen, left.id, names) is None and disclosure_page(seen, kept.id, names)


def test_requests_and_answers_of_a_service_that_was_left_out_are_left_out(hanako, reporter, sees):
    request, document = ask(hanako, reporter), newest_document()
    seen = sees(left_out=("jalan",))
    assert open_requests(hanako, document) and not open_requests(seen, document)
    answer(hanako, request, "name")
    assert decision_history(hanako, document).entries and not decision_history(seen, document).entries


@pytest.mark.parametrize("goes_to", ["minato-inn", "komorebi-toge"])
def test_recipient_that_is_hidden_is_left_out_also_of_what_was_corrected(hanako, reporter, sees, goes_to):
    """Whether the report named it or the correction: the other half would tell of it."""
    record(reporter, an_event(), an_event("event-2", recipient="northwind-analytics"))
    record(reporter, a_correction(hanako.disclosures.get(event_id="event-1")))
    hide_recipient(recipient=Recipient.objects.get(code=goes_to), by=hanako)
    seen = sees()
    assert recipients_in(seen) == {"northwind-analytics"} and seen.corrections.count() == 0
    assert recipients_in(hanako) == {"komorebi-toge", "northwind-analytics"}


def test_what_the_law_keeps_from_the_person_is_kept_from_the_representative(
    hanako, reporter, sees, officer, disclosure
):
    seen = sees()
    assert listed(seen) == {"湯宿 みなと"}
    until = timezone.now() + timedelta(days=30)
    withhold_disclosure(disclosure=disclosure, ground=WithholdingGround.CRIME, until=until, reason="x", by=officer)
    assert not seen.disclosures.shown_to(seen).exists()


def test_table_that_is_not_listed_is_empty(hanako, disclosure, decision, sees):
    """Deny by default: a table that somebody adds is closed to representatives until it is listed."""
    seen = sees()
    tables = {one for one in User._meta.related_objects if isinstance(one.field, OwnerKey)}
    assert len(tables) > 20
    named = {one.related_model: getattr(seen, one.get_accessor_name()) for one in tables}
    with CaptureQueriesContext(connection) as read:
        found = {model for model, rows in named.items() if model not in NARROWED and rows.exists()}
    assert found == set() and len(read) == 0
    assert seen.decisions.exists() and seen.disclosures.exists()


def test_person_sees_with_the_same_statements_as_ever(hanako, disclosure, taro, officer):
    with CaptureQueriesContext(connection) as before:
        listed(User.objects.get(pk=hanako.pk))
    appointed(hanako, taro, officer)
    with CaptureQueriesContext(connection) as after:
        listed(User.objects.get(pk=hanako.pk))
    assert [timeless(one["sql"]) for one in before] == [timeless(one["sql"]) for one in after]


def timeless(sql: str) -> str:
    return re.sub(r"'\d{4}-\d\d-\d\d [^']*'", "a moment", sql)
