"""What is read from a replica, as the router decides it: nothing, unless a block says so."""

from django.db import transaction

from disclosures.models import Disclosure
from privacycenter.models import OutboxRow, User
from privacycenter.replica.pages import is_write
from privacycenter.replica.router import REPLICA, ReplicaRouter, rows_read_from, stop_reading_there

router = ReplicaRouter()


def test_rows_are_read_from_the_primary_unless_a_block_says_otherwise():
    assert router.db_for_read(Disclosure) == "default"
    with rows_read_from(replica=True):
        assert router.db_for_read(Disclosure) == REPLICA
    assert router.db_for_read(Disclosure) == "default"


def test_people_sessions_and_the_outbox_are_always_read_from_the_primary():
    with rows_read_from(replica=True):
        assert {router.db_for_read(model) for model in (User, OutboxRow)} == {"default"}


def test_nothing_is_written_to_the_replica_and_no_table_made_there():
    with rows_read_from(replica=True):
        assert router.db_for_write(Disclosure) == "default"
    assert not router.allow_migrate(REPLICA, "disclosures") and router.allow_migrate("default", "disclosures")


def test_what_is_read_in_a_transaction_is_read_from_the_primary(world):
    with rows_read_from(replica=True), transaction.atomic():
        assert router.db_for_read(Disclosure) == "default"


def test_after_a_write_the_rest_of_the_block_reads_from_the_primary():
    with rows_read_from(replica=True):
        stop_reading_there()
        assert router.db_for_read(Disclosure) == "default"


def test_statements_that_write_rows_of_people_are_told_from_others():
    assert is_write('INSERT INTO "consents_decision" VALUES (%s)')
    assert is_write("\n  WITH gone AS (DELETE FROM disclosures_disclosure RETURNING id) SELECT 1 FROM gone")
    assert not is_write('SELECT 1 FROM "consents_decision" FOR UPDATE')
    assert not is_write('UPDATE "django_session" SET expire_date = %s')
