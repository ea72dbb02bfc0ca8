"""Before publishing: what of the last 90 days would become undeclared, and what the pages do not name."""

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from django.utils.formats import date_format

from disclosures.content.publications import newest_document
from disclosures.content.working_copy import working_document
from disclosures.ledger.preflight import practice_findings
from disclosures.models import Exclusion, PracticeCount, PracticeStart, ReceivedCount, Recipient, Scenario, Service
from disclosures.proposals.actions import propose_publication
from privacycenter.outbox.working import work_off
from tests.support.clock import LONG_AGO, clock_at
from tests.support.commands import purge
from tests.support.events import an_event, record
from tests.support.html import read
from tests.support.people import client_of

pytestmark = pytest.mark.django_db

ZEXY = "「ゼクシィ」はページに挙げられていません。過去90日間の提供は2件です。"


def bookings(reporter, count, prefix="b", **more):
    record(reporter, *(an_event(f"{prefix}-{n}", **more) for n in range(count)))
    work_off()


def found() -> list[tuple[str, str, str]]:
    return [(one.code, one.field, one.message) for one in practice_findings(newest_document(), working_document())]


@pytest.fixture
def zexy(reporter):
    reporter.services.add(Service.objects.get(code="zexy"))
    bookings(reporter, 2, "zexy", service="zexy")


def booking(**changes):
    Scenario.objects.filter(code="online-booking").update(**changes)


def test_nothing_is_found_where_practice_is_as_published(reporter):
    bookings(reporter, 3)
    assert found() == []


def test_service_that_an_open_list_does_not_name_is_counted(reporter, zexy):
    bookings(reporter, 3)
    assert found() == [("online-booking", "services", ZEXY)]


def test_service_that_a_complete_list_would_leave_out_is_named(reporter, zexy):
    booking(service_list="complete")
    [(code, field, message)] = found()
    assert (code, field) == ("online-booking", "services") and "「ゼクシィ」は公開した内容から外れます" in message


def test_item_that_would_be_excluded_or_left_out_is_named_once_with_its_sum(reporter):
    bookings(reporter, 2)
    bookings(reporter, 1, "other", items=("name", "email"))
    scenario = Scenario.objects.get(code="online-booking")
    item = scenario.items.get(code="name")
    Exclusion.objects.create(scenario=scenario, service=Service.objects.get(code="jalan"), item=item, reason="理由")
    scenario.scenario_items.filter(item__code="phone").delete()
    assert [(field, message) for _code, field, message in found()] == [
        ("items", "「じゃらんnet」からの「氏名」は公開した内容から外れます。過去90日間の提供は3件です。"),
        ("items", "「じゃらんnet」からの「電話番号」は公開した内容から外れます。過去90日間の提供は2件です。"),
    ]


@pytest.mark.parametrize("changes", [{"on_hold_from": LONG_AGO, "on_hold_reason": "確認中"}, {"retired_at": LONG_AGO}])
def test_recipient_that_might_receive_no_more_is_named(reporter, changes):
    bookings(reporter, 2)
    bookings(reporter, 1, "other", recipient="komorebi-toge")
    Recipient.objects.filter(code="minato-inn").update(**changes)
    [(code, _field, message)] = found()
    assert code == "minato-inn" and "「ネット予約」" in message and "2件" in message


def test_scenario_that_would_be_gone_is_named_once(reporter):
    bookings(reporter, 2)
    bookings(reporter, 1, "other", recipient="komorebi-toge", items=("name",))
    booking(retired_at=timezone.now())
    assert [(code, message) for code, _field, message in found()] == [
        ("online-booking", "公開されなくなります。過去90日間の提供は3件です。")
    ]


def test_counts_are_of_the_day_and_the_purge_takes_those_of_more_than_90_days(reporter):
    with clock_at(timezone.now() - timedelta(days=91)):
        bookings(reporter, 2, "long-ago", occurred_at=timezone.now())
    assert (PracticeCount.objects.count(), ReceivedCount.objects.count()) == (1, 1)
    bookings(reporter, 1)
    bookings(reporter, 1, "again")
    assert "2 counts of what was reported more than 90 days ago would be removed" in purge("--dry-run")
    assert (PracticeCount.objects.count(), ReceivedCount.objects.count()) == (2, 2)
    assert "2 counts of what was reported more than 90 days ago removed" in purge()
    assert list(PracticeCount.objects.values_list("disclosure_count", flat=True)) == [2]
    assert list(ReceivedCount.objects.values_list("disclosure_count", flat=True)) == [2]


def test_repeated_report_is_not_counted_twice(reporter):
    bookings(reporter, 2)
    bookings(reporter, 2)
    assert PracticeCount.objects.get().disclosure_count == 2


def test_editor_sees_it_before_publishing(as_editor, reporter, zexy):
    page = read(as_editor.get("/admin/pending/"))
    assert ZEXY in page.one(cls="findings").text


def test_cost_does_not_grow_with_what_was_reported(reporter, zexy):
    costs, document = [], newest_document()
    for more in range(2):
        bookings(reporter, 5, f"more-{more}", items=("name", "email", "phone")[: more + 1])
        with CaptureQueriesContext(connection) as captured:
            practice_findings({}, document)
        costs.append(len(captured))
    assert costs == [2, 2]


def test_who_received_is_looked_up_only_where_that_changes(reporter):
    bookings(reporter, 2)
    document = newest_document()
    on_hold = {**document["recipients"]["minato-inn"], "on_hold_from": "2026-01-01T00:00:00+00:00"}
    changed = {**document, "recipients": {**document["recipients"], "minato-inn": on_hold}}
    renamed = {**document["recipients"]["minato-inn"], "title": {"ja": "別の名前"}}
    same = {**document, "recipients": {**document["recipients"], "minato-inn": renamed}}
    for after, cost in ((changed, 2), (same, 1), (document, 1)):
        with CaptureQueriesContext(connection) as captured:
            assert bool([one for one in practice_findings(document, after) if one.kind == "recipients"]) is (cost == 2)
        assert len(captured) == cost


# --- Since when it is counted ----------------------------------------------------------------------------------------

PAGES = ("/admin/pending/", "/en/admin/pending/")


def note_start() -> list[date]:
    """As the migration does it in a database of before."""
    import_module("disclosures.migrations.0012_practice_start").note_start(apps, None)
    return list(PracticeStart.objects.values_list("began_on", flat=True))


def test_new_site_counts_everything_and_says_nothing_of_a_start(as_editor, reporter):
    assert note_start() == []
    bookings(reporter, 1)
    booking(title="別の題")
    assert "数え" not in read(as_editor.get("/admin/pending/")).one(id="content-main").text


def test_start_is_the_day_of_the_update_or_of_the_first_count(reporter):
    bookings(reporter, 1)
    PracticeCount.objects.all().delete()
    assert note_start() == [timezone.localdate()]
    PracticeStart.objects.all().delete()
    with clock_at(timezone.now() - timedelta(days=5)):
        bookings(reporter, 1, "first", occurred_at=timezone.now())
        day = timezone.localdate()
    assert note_start() == [day]


def test_desk_says_since_when_it_is_counted_where_something_waits(as_editor):
    day = timezone.localdate() - timedelta(days=89)
    PracticeStart.objects.create(began_on=day)
    booking(title="別の題")
    japanese, english = (read(as_editor.get(path)).one(id="content-main").text for path in PAGES)
    assert f"{day.year}年{day.month}月{day.day}日から数えています" in japanese
    with translation.override("en"):
        assert f"is counted since {date_format(day)}. What came before" in english


def test_start_of_90_days_ago_no_longer_matters(as_editor):
    PracticeStart.objects.create(began_on=timezone.localdate() - timedelta(days=90))
    booking(title="別の題")
    assert "数え" not in read(as_editor.get("/admin/pending/")).one(id="content-main").text


def test_proposal_says_since_when_it_is_counted(publisher, writer):
    PracticeStart.objects.create(began_on=timezone.localdate())
    booking(title="別の題")
    address = f"/admin/proposals/{propose_publication(by=writer).pk}/"
    assert "から数えています" in read(client_of(publisher).get(address)).one(id="content-main").text
