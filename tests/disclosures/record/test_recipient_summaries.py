"""Who held what on a day, and keeping a recipient off the overview."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from disclosures.ledger.recording import record_disclosures
from disclosures.models import HiddenRecipient, Recipient
from disclosures.record.actions import hide_recipient, show_recipient
from disclosures.record.recipient_summaries import months_after
from tests.support.database import statements
from tests.support.events import a_survey_event, an_event, many_kinds
from tests.support.html import read
from tests.support.pages import recipients_on
from tests.support.people import client_of

pytestmark = pytest.mark.django_db

PAGE = "/my/recipients/"
# Noon and half past midnight in Tokyo: the second is still the day before in UTC.
FIRST, SECOND = datetime(2026, 3, 31, 3, tzinfo=UTC), datetime(2026, 5, 9, 15, 30, tzinfo=UTC)


@pytest.fixture
def two(hanako, reporter):
    """The inn got the name in March, the salon name and telephone number on May 10; the inn the e-mail address later."""
    record_disclosures(
        events=[
            an_event("1", items=("name",), occurred_at=FIRST),
            an_event("2", recipient="kotori-salon", occurred_at=SECOND),
            an_event("3", items=("email",), occurred_at=SECOND + timedelta(days=30)),
        ],
        by=reporter,
    )


def on(client, day):
    return read(client.get(f"{PAGE}?on={day}"))


@pytest.mark.parametrize(
    ("day", "recipients"),
    [
        ("2026-03-30", []),
        ("2026-03-31", ["minato-inn"]),
        ("2026-05-09", ["minato-inn"]),
        ("2026-05-10", ["kotori-salon", "minato-inn"]),
        ("2026-06-30", ["minato-inn", "kotori-salon"]),
    ],
)
def test_day_shows_who_had_received_something_by_its_end(as_hanako, two, day, recipients):
    assert recipients_on(on(as_hanako, day)) == recipients


def test_day_shows_only_what_was_held_by_then(as_hanako, two):
    assert "メールアドレス" not in on(as_hanako, "2026-05-10").one("main").one("ul", cls="rows").text
    assert "メールアドレス" in read(as_hanako.get(PAGE)).one("main").one("ul", cls="rows").text


def test_day_before_the_record_says_when_it_begins(as_hanako, two):
    empty = on(as_hanako, "2020-01-01").one(cls="empty")
    assert "2026年3月31日" in empty.text
    assert empty.one("a")["href"] == "?on=2026-03-31"


@pytest.mark.parametrize("day", ["tomorrow", "2026-02-30", "9999-99-99", "%00"])
def test_day_that_cannot_be_read_is_told_at_its_field(as_hanako, two, day):
    page = on(as_hanako, day)
    assert page.one("ul", cls="errorlist").text
    assert recipients_on(page) == ["minato-inn", "kotori-salon"]


def test_day_that_has_not_come_shows_today(as_hanako, two):
    page = on(as_hanako, timezone.localdate() + timedelta(days=1))
    assert "まだ来ていません" in page.one("ul", cls="errorlist").text
    assert page.one("input", id="id_on")["value"] == timezone.localdate().isoformat()


def test_steps_lead_a_month_back_and_forth_and_never_past_today(as_hanako, two):
    assert [link["href"] for link in on(as_hanako, "2026-05-31").one("form", cls="on-a-day").all("a")] == [
        "?on=2026-04-30", "?on=2026-06-30", PAGE,
    ]  # fmt: skip
    today = read(as_hanako.get(PAGE)).one("form", cls="on-a-day")
    assert today.all("a", rel="next") == []


@pytest.mark.parametrize(
    ("day", "distance", "there"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 3, 31), -1, date(2024, 2, 29)),
        (date(2026, 12, 5), 1, date(2027, 1, 5)),
        (date(2026, 1, 5), -1, date(2025, 12, 5)),
    ],
)
def test_month_step_keeps_the_day_or_takes_the_last_one(day, distance, there):
    assert months_after(day, distance) == there


@pytest.mark.parametrize("query", ["", "?on=2026-10-02"])
def test_recipients_cost_no_more_with_more_rows(as_hanako, hanako, reporter, query):
    many_kinds(reporter, 3)
    few = statements(as_hanako, PAGE + query)
    many_kinds(reporter, 60)
    assert statements(as_hanako, PAGE + query) == few <= 7


# --- Hidden on the overview --------------------------------------------------------------------------------------------


def inn():
    return Recipient.objects.get(code="minato-inn")


def test_hidden_recipient_is_named_nowhere_on_the_overview(as_hanako, hanako, reporter):
    record_disclosures(events=[a_survey_event(), an_event(recipient="kotori-salon")], by=reporter)
    hide_recipient(recipient=Recipient.objects.get(code="northwind-analytics"), by=hanako)
    main = read(as_hanako.get("/my/")).one("main")
    assert "Northwind" not in main.text
    assert "kotori-salon" in " ".join(link["href"] for link in main.all("a"))


def test_hidden_recipient_still_counts_and_still_warns(as_hanako, hanako, reporter):
    record_disclosures(events=[a_survey_event()], by=reporter)
    hide_recipient(recipient=Recipient.objects.get(code="northwind-analytics"), by=hanako)
    main = read(as_hanako.get("/my/")).one("main")
    assert main.one(cls="figures").text.startswith("1社")
    assert main.one(cls="warned").text


def test_hidden_recipient_stays_in_every_list(as_hanako, hanako, two):
    hide_recipient(recipient=inn(), by=hanako)
    assert "minato-inn" in recipients_on(read(as_hanako.get(PAGE)))
    assert "湯宿 みなと" in read(as_hanako.get("/my/disclosures/")).one("main").text
    assert as_hanako.get("/my/recipients/minato-inn/").status_code == 200


def test_recipient_is_hidden_and_shown_again_by_its_page(as_hanako, hanako, two):
    address = "/my/recipients/minato-inn/"
    assert as_hanako.post(f"{address}visibility/", {"hidden": "1"})["Location"] == f"{address}#visibility"
    assert recipients_on(read(as_hanako.get("/my/"))) == ["kotori-salon"]
    as_hanako.post(f"{address}visibility/", {"hidden": "0"})
    assert recipients_on(read(as_hanako.get("/my/"))) == ["minato-inn", "kotori-salon"]


def test_hidden_recipients_can_be_shown_again_from_the_list(as_hanako, hanako, two):
    hide_recipient(recipient=inn(), by=hanako)
    form = read(as_hanako.get(PAGE)).one(id="hidden").one("form")
    assert form["action"] == "/my/recipients/minato-inn/visibility/"
    as_hanako.post(form["action"], {"hidden": form.one("input", name="hidden")["value"]})
    assert hanako.hidden_recipients.count() == 0


def test_hiding_twice_and_showing_twice_is_harmless(hanako, two):
    for change, count in ((hide_recipient, 1), (hide_recipient, 1), (show_recipient, 0), (show_recipient, 0)):
        change(recipient=inn(), by=hanako)
        assert hanako.hidden_recipients.count() == count


@pytest.mark.parametrize("sent", [{}, {"hidden": "x"}, {"hidden": ""}])
def test_form_that_says_nothing_changes_nothing(as_hanako, hanako, two, sent):
    hide_recipient(recipient=inn(), by=hanako)
    assert as_hanako.post("/my/recipients/minato-inn/visibility/", sent).status_code == 302
    assert hanako.hidden_recipients.count() == 1


def test_recipient_of_another_person_cannot_be_hidden(as_taro, taro, two):
    assert as_taro.post("/my/recipients/minato-inn/visibility/", {"hidden": "1"}).status_code == 404
    assert as_taro.post("/my/recipients/no-such/visibility/", {"hidden": "1"}).status_code == 404
    assert HiddenRecipient.objects.count() == 0


def test_what_one_person_hides_others_still_see(hanako, taro, two, reporter):
    record_disclosures(events=[an_event("taros", subject=taro.subject)], by=reporter)
    hide_recipient(recipient=inn(), by=hanako)
    assert recipients_on(read(client_of(taro).get("/my/"))) == ["minato-inn"]
