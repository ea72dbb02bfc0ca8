"""What a person's pages ask names the person in every subquery, so that one part answers where tables are spread.

``test_spread_tables.py`` counts it on Citus; this holds on every engine.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from privacycenter.database.distributing import owned_models
from tests.support.every_page import filled_site, persons_paths
from tests.support.people import client_of
from tests.support.subqueries import subqueries_of, without_person

OWNED = {model._meta.db_table for model in owned_models()}


@pytest.mark.django_db
def test_every_subquery_of_a_persons_page_names_the_person():
    site = filled_site()
    client, asked = client_of(site.hanako), {}
    for path in persons_paths(site):
        with CaptureQueriesContext(connection) as seen:
            client.get(path)
        asked |= {one["sql"]: path for one in seen.captured_queries}
    assert len([sql for sql in asked if subqueries_of(sql)]) > 10
    assert [(path, found) for sql, path in asked.items() if (found := without_person(sql, OWNED))] == []


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ('SELECT EXISTS(SELECT 1 FROM "consents_decision" U0 WHERE (U0."person_id" = ("a"."person_id"))) FROM "a"', 1),
        ('SELECT EXISTS(SELECT 1 FROM "consents_decision" U0 WHERE (U0."person_id" IN (1) AND U0."x" = \'(\')) FROM "a"', 0),
        ('SELECT 1 WHERE x IN (SELECT 1 FROM "consents_decision" WHERE "person_id" = 4)', 0),
        ('SELECT 1 WHERE x IN (SELECT 1 FROM "disclosures_country")', 0),
    ],
)  # fmt: skip
def test_subquery_without_its_person_is_found(sql, found):
    assert len(without_person(sql, OWNED)) == found
