"""Ways around the append-only tables that are easily overlooked."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from disclosures.models import Disclosure, Publication, Recipient, Reporter
from disclosures.reporters.actions import create_reporter
from privacycenter.models import AppendOnlyError

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("way", ["update", "delete"])
def test_rows_reached_from_their_person_are_refused(hanako, disclosure, way):
    with pytest.raises(AppendOnlyError):
        hanako.disclosures.update(flags=0) if way == "update" else hanako.disclosures.all().delete()


def test_rows_reached_past_the_manager_are_refused_by_the_database(disclosure):
    with pytest.raises(DatabaseError), transaction.atomic():
        Disclosure._base_manager.filter(person_id=disclosure.person_id).update(flags=0)


def test_upsert_of_a_row_is_refused_by_the_database(db):
    newest = Publication.objects.newest()
    newest.reason = "another"
    with pytest.raises(DatabaseError), transaction.atomic():
        Publication.objects.bulk_create(
            [newest], update_conflicts=True, unique_fields=["number"], update_fields=["reason"]
        )


def test_insert_under_a_key_that_is_taken_is_refused(disclosure):
    copy = Disclosure(
        **{field.attname: getattr(disclosure, field.attname) for field in Disclosure._meta.concrete_fields}
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        copy.save()


def test_update_or_create_of_a_row_is_refused(db):
    with pytest.raises(AppendOnlyError):
        Publication.objects.update_or_create(number=Publication.objects.newest().number, defaults={"reason": "another"})


def test_row_is_unchanged_after_a_refusal(disclosure):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE disclosures_disclosure SET flags = 127")
    assert Disclosure.objects.get().flags == 0


def test_recipient_can_be_retired_but_not_deleted(db):
    recipient = Recipient.objects.get(code="minato-inn")
    recipient.retired_at = timezone.now()
    recipient.save()
    with pytest.raises(AppendOnlyError):
        recipient.delete()
    assert Recipient.objects.get(code="minato-inn").retired_at


def by_sql():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM disclosures_reporter WHERE code = 'once'")


@pytest.mark.parametrize(
    "delete",
    [lambda: Reporter.objects.get(code="once").delete(), lambda: Reporter.objects.filter(code="once").delete(), by_sql],
    ids=["row", "rows", "sql"],
)
def test_reporter_is_never_deleted(db, delete):
    """The ledger names it (docs/ledger.md); without it a person's list of disclosures loses its rows."""
    reporter, _secret = create_reporter(code="once", title="Once", services=["jalan"])
    reporter.services.clear()  # else these rows alone would protect it
    with pytest.raises((AppendOnlyError, DatabaseError), match="(never|cannot be) deleted"), transaction.atomic():
        delete()
    assert Reporter.objects.filter(code="once").exists()
