"""What reading a page costs the database: no statement twice for a person, and nothing written but what is declared."""

import re
import sys
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from consents.asking.rule_actions import set_rule
from consents.models import RuleKind, RuleSetting
from disclosures.content.working_copy import MODELS
from disclosures.ledger.recording import record_disclosures
from disclosures.models import Reporter
from tests.support.asking import ask
from tests.support.clock import clock_at
from tests.support.events import an_event
from tests.support.every_page import (
    desk_client,
    desk_paths,
    filled_site,
    persons_paths,
    public_paths,
)
from tests.support.people import client_of

pytestmark = pytest.mark.django_db

# Route → the tables that reading its page may write to. A look at a person is logged before it is shown.
WRITTEN_ON_GET = {
    "admin:record": {"disclosures_recordaccess"},
    "admin:case_event": {"disclosures_recordaccess"},
    "admin:withdrawal": {"disclosures_recordaccess"},
    "admin:inquiry": {"disclosures_recordaccess"},
    "admin:account": {"disclosures_recordaccess"},
    # Who opens a text to change it is told to others, also where no script tells it.
    **{f"admin:disclosures_{model._meta.model_name}_change": {"disclosures_openform"} for model in MODELS.values()},
    # What putting back would change is tried and taken back at once.
    "admin:put_back_to_publication": {"disclosures_menuentry", "disclosures_scenario", "disclosures_sitefile"},
    "admin:put_back_to_revision": {"disclosures_scenario"},
}
# A person's visit begins on this page: when, for the next visit, and that it is the same visit.
VISIT = ["privacycenter_user", "django_session"]
# Every page, for a session that was not renewed lately, moves that session's end on: people's at most once a day, those
# of staff every two minutes (tests/privacycenter/accounts/test_sessions.py).
TABLE_WRITTEN = re.compile(r'\s*(?:INSERT (?:OR \w+ )?INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+"(\w+)"', re.IGNORECASE)


def asked_for(client: Client, path: str):
    """Return the response and its SQL statements, each with its parameters."""
    found: list[tuple[str, str]] = []

    def note(execute, sql, params, many, context):
        found.append((sql, repr(params)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        response = client.get(path)
    assert response.status_code in (200, 404), path
    return response, found


def tables_written(statements) -> list[str]:
    return [found[1] for sql, _params in statements if (found := TABLE_WRITTEN.match(sql))]


# --- Reading ---------------------------------------------------------------------------------------------------------


def test_page_of_a_person_asks_nothing_twice():
    site = filled_site()
    client = client_of(site.hanako)
    client.get("/my/")
    for path in persons_paths(site):
        _response, statements = asked_for(client, path)
        twice = [statement for statement, count in Counter(statements).items() if count > 1]
        assert twice == [], path


def test_front_page_costs_at_most_eight_statements_even_with_news_and_answers_of_rules():
    site = filled_site()
    client_of(site.hanako).get("/my/")
    reporter = Reporter.objects.get(code="travel")
    record_disclosures(events=[an_event("since-then", recipient="komorebi-toge")], by=reporter)
    set_rule(kind=RuleKind.ALL, code="", setting=RuleSetting.REFUSE, by=site.hanako)
    ask(site.hanako, reporter, recipient="minato-inn")
    client = client_of(site.hanako)
    client.get("/my/")  # writes down that the visit began
    response, statements = asked_for(client, "/my/")
    page = response.context["page"]
    assert page.news
    assert page.ruled
    assert page.requests
    assert page.recipients
    assert len(statements) <= 8


# --- Writing ---------------------------------------------------------------------------------------------------------


def test_reading_writes_nothing_but_what_is_declared():
    site = filled_site()
    person = client_of(site.hanako)
    person.get("/my/")
    readers = [(person, persons_paths(site)), (Client(), public_paths()), (desk_client(site), desk_paths(site))]
    written: dict[str, set[str]] = {}
    # However long reading them all takes, no session is renewed meanwhile.
    with clock_at(timezone.now()):
        for client, path in [(client, path) for client, paths in readers for path in paths]:
            response, statements = asked_for(client, path)
            if tables := tables_written(statements):
                written.setdefault(response.resolver_match.view_name, set()).update(tables)
    assert written == WRITTEN_ON_GET


def test_beginning_of_a_visit_is_written_in_two_statements():
    site = filled_site()
    client = client_of(site.hanako)
    _response, first = asked_for(client, "/my/")
    assert tables_written(first) == VISIT
    _response, second = asked_for(client, "/my/")
    assert tables_written(second) == []


# --- The way through the code ----------------------------------------------------------------------------------------


def files_run(folder: str, call) -> set[str]:
    """Return the files below this folder of the project in which something ran."""
    found = set()

    def note(frame, _event, _argument):
        found.add(frame.f_code.co_filename)

    sys.setprofile(note)
    try:
        call()
    finally:
        sys.setprofile(None)
    below = Path(settings.BASE_DIR) / folder
    return {name for name in found if Path(name).is_relative_to(below)}


def test_filtered_list_is_understood_from_its_address_and_seven_files():
    site = filled_site()
    client = client_of(site.hanako)
    client.get("/my/")
    run = files_run("disclosures/record", lambda: client.get("/my/disclosures/?recipient=minato-inn"))
    assert {Path(name).name for name in run} >= {"views.py", "forms.py", "facets.py", "disclosure_list.py"}
    assert len(run) <= 7
