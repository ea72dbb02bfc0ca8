"""Combinations of data items are shared, whatever their order."""

import pytest

from disclosures.ledger.item_sets import ensure_item_sets
from disclosures.ledger.recording import record_disclosures
from disclosures.models import DataItem, Disclosure, ItemSet
from tests.support.events import an_event

pytestmark = pytest.mark.django_db


def test_item_set_is_one_row_for_one_combination(db):
    first = ensure_item_sets(combinations=[("name", "phone")])["name", "phone"]
    again = ensure_item_sets(combinations=[("phone", "name")])["phone", "name"]
    assert first == again
    assert ItemSet.objects.get(pk=first).codes == ["name", "phone"]


def test_item_set_names_its_items(db):
    made = ensure_item_sets(combinations=[("name", "phone")])["name", "phone"]
    assert set(ItemSet.objects.get(pk=made).items.all()) == set(DataItem.objects.filter(code__in=["name", "phone"]))


def test_item_set_of_nothing_is_a_combination_too(db):
    assert ItemSet.objects.get(pk=ensure_item_sets(combinations=[()])[()]).codes == []


def test_item_sets_that_are_known_cost_one_statement(db, django_assert_num_queries):
    combinations = [("name",), ("phone",), ("name", "phone")]
    ensure_item_sets(combinations=combinations)
    with django_assert_num_queries(1):
        ensure_item_sets(combinations=combinations)


def test_disclosures_of_the_same_items_share_their_set(reporter):
    before = ItemSet.objects.count()
    events = [an_event("1", items=("name", "email")), an_event("2", items=("email", "name"))]
    record_disclosures(events=events, by=reporter)
    assert ItemSet.objects.count() - before == 1
    assert len({row.item_set_id for row in Disclosure.objects.all()}) == 1


def test_disclosure_keeps_codes_alone(reporter):
    record_disclosures(events=[an_event()], by=reporter)
    assert Disclosure.objects.get().item_set.codes == ["name", "phone"]
