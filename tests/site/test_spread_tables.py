"""On a PostgreSQL with Citus: what a person does asks the one part on which the person lies, and no others.

Run by ``TEST_CITUS_URL=… bin/test`` alone. Where tables are not spread there is nothing to count.
"""

import os

import pytest
from django.db import connection

from consents.asking.decision_actions import withdraw_decision
from privacycenter.database.distributing import how_tables_lie, owned_models, steps
from privacycenter.database.verifying_triggers import faults_on_shards
from tests.support.every_page import filled_site, persons_paths
from tests.support.people import client_of

pytestmark = [
    pytest.mark.citus,
    pytest.mark.django_db,
    pytest.mark.skipif(not os.environ.get("ON_CITUS"), reason="asks a PostgreSQL with Citus: TEST_CITUS_URL"),
]

COUNTS = "SELECT coalesce(sum(query_execution_multi_shard), 0) FROM citus_stat_counters WHERE name = current_database()"


def asked_of_several() -> int:
    """How many statements of this database asked more than one part so far."""
    with connection.cursor() as cursor:
        cursor.execute("SET citus.enable_stat_counters = on")
        cursor.execute(COUNTS)
        return cursor.fetchone()[0]


def test_tables_lie_where_they_have_to():
    assert [step.table for step in steps(how_tables_lie()) if step.sql or step.wrong] == []
    assert len(owned_models()) > 30


def test_triggers_stand_on_every_part():
    assert list(faults_on_shards()) == []


def test_no_page_of_a_person_asks_several_parts():
    site = filled_site()
    paths, client = persons_paths(site), client_of(site.hanako)
    found = {}
    for path in paths:
        client.get(path)
        before = asked_of_several()
        assert client.get(path).status_code == 200, path
        if more := asked_of_several() - before:
            found[path] = more
    assert found == {}


def test_no_permission_check_asks_several_parts(api, decision):
    api.check()
    before = asked_of_several()
    assert api.check().status_code == 200
    assert asked_of_several() == before


def test_withdrawal_asks_one_part(hanako, decision):
    before = asked_of_several()
    withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    assert asked_of_several() == before
