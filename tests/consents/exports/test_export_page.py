"""Taking the record home: who may, how often, and which part of it."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consents.models import Export, ExportFormat
from privacycenter.models import CacheEntry
from tests.support.exports import body, table, take
from tests.support.html import read
from tests.support.people import PASSWORD

pytestmark = pytest.mark.django_db


def test_export_asks_for_the_password_once_more(as_hanako):
    response = as_hanako.get("/my/export/?recipient=minato-inn")
    assert response["Location"].startswith("/accounts/reauthenticate/?next=%2Fmy%2Fexport%2F%3Frecipient")


def test_export_asked_for_too_late_goes_on_after_the_password(as_hanako, disclosure):
    assert take(as_hanako, "csv").status_code == 302
    response = as_hanako.post("/accounts/reauthenticate/?next=/my/export/", {"password": PASSWORD})
    assert len([row for row in table(body(response)) if row["識別番号"] == str(disclosure.id)]) == 1


def test_wrong_password_gives_no_record(as_hanako, disclosure):
    as_hanako.post("/accounts/reauthenticate/", {"password": "wrong"})
    assert take(as_hanako, "csv").status_code == 302


@pytest.mark.parametrize("format", ["", "xlsx", "pdf\x00"])
def test_unknown_format_is_an_error_on_the_form(home, format):
    response = take(home, format)
    assert (response.status_code, Export.objects.count()) == (422, 0)
    assert read(response).one(cls="error-summary").one("a")["href"] == "#id_format"


def test_export_too_often_is_refused_for_a_while(home, disclosure):
    for _n in range(30):
        assert body(take(home, "json"))
    assert take(home, "json").status_code == 429


def test_export_that_is_refused_is_not_counted(home, disclosure, monkeypatch):
    monkeypatch.setattr("consents.exports.file_store.MOST_ROWS_AT_ONCE", dict.fromkeys(ExportFormat, -1))
    for _n in range(2 + 5):
        take(home, "json")
    assert CacheEntry.objects.get(key__startswith="export:").used == 2


def test_narrowed_record_holds_only_what_the_list_shows(home, hanakos_life):
    record = json.loads(body(take(home, "json", "/my/export/?flagged=on&cursor=x")))
    assert (record["is_whole"], record["narrowed_to"]) == (False, {"flagged": True})
    assert len(record["disclosures"]) == 1
    assert "decisions" not in record


def test_narrowed_record_says_on_the_page_to_what(home, hanakos_life):
    main = read(home.get("/my/export/?recipient=minato-inn")).one("main")
    assert "湯宿 みなと" in main.text
    assert main.one("form", cls="form")["action"] == "/my/export/?recipient=minato-inn"


@pytest.mark.parametrize(
    "query", ["recipient=%00", "recipient=../..", "nothing=1", "flagged=", "recipient=" + "x" * 9999]
)
def test_address_with_rubbish_never_fails(home, disclosure, query):
    assert home.get(f"/my/export/?{query}").status_code == 200
    assert take(home, "csv", f"/my/export/?{query}").status_code == 200


def test_page_costs_the_same_however_many_files(home, hanako, disclosure):
    def statements():
        with CaptureQueriesContext(connection) as captured:
            assert home.get("/my/export/").status_code == 200
        return len(captured)

    few = statements()
    for _n in range(3):
        take(home, "json")
    assert statements() == few <= 12


@pytest.mark.parametrize(
    ("prefix", "said"), [("", "どなたにもお答えしていません"), ("/en", "Nobody is told whether there is one")]
)
def test_page_promises_no_more_than_the_law_lets_it(home, prefix, said):
    main = read(home.get(f"{prefix}/my/export/")).one("main")
    assert said in main.text
    assert not any(word in main.one(cls="lead").text for word in ("Everything", "すべて"))
