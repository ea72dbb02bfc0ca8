"""Who else has a form open is told, and keeps nobody from anything."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from disclosures.models import OpenForm, Scenario
from disclosures.open_forms.actions import OPEN_FOR, OPEN_WITHOUT_SIGNS
from privacycenter.models import User
from tests.support.clock import clock_at
from tests.support.desk import desk, form_on, online_booking
from tests.support.html import read
from tests.support.people import client_of, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> str:
    return online_booking()


@pytest.fixture
def as_sato(db):
    return client_of(make_user("sato", is_staff=True, groups=("editors",)))


def other_scenario() -> str:
    return Scenario.objects.exclude(code="online-booking").first().code


def notices(client, page) -> list[str]:
    return [one.text for one in read(client.get(page)).one(cls="open-notices").all("p")]


def sign(client, page, **more):
    """What the script of a page sends that was opened just now; returns what it is told."""
    opened = form_on(client, page)
    sent = {name: opened[name][0] for name in ("draft", "seen_revision")}
    answer = client.post(f"{page.removesuffix('change/')}signs/", {**sent, **more})
    return answer.json()["notices"] if answer.status_code == 200 else answer.status_code


def test_another_editor_is_told_since_when(as_editor, as_sato, page):
    with clock_at(timezone.now().replace(hour=5, minute=1) - timedelta(days=1)):
        as_sato.get(page)
        assert notices(as_editor, page) == ["satoさんが14:01から開いています。"]
        assert notices(as_editor, desk(Scenario, other_scenario())) == []


def test_own_second_window_is_told(as_editor, page):
    as_editor.get(page)
    assert notices(as_editor, page) == []
    sign(as_editor, page)
    assert "別のウィンドウ" in notices(as_editor, page)[0]


def test_who_only_reads_is_not_named(as_editor, publisher, page):
    client_of(publisher).get(page)
    assert notices(as_editor, page) == [] and OpenForm.objects.count() == 1


def test_page_without_scripts_counts_ten_minutes_and_a_sign_two(as_editor, as_sato, page):
    now = timezone.now()
    with clock_at(now):
        as_sato.get(page)
    with clock_at(now + OPEN_WITHOUT_SIGNS - timedelta(seconds=1)):
        assert len(notices(as_editor, page)) == 1
    with clock_at(now + OPEN_WITHOUT_SIGNS):
        assert "sato" not in "".join(notices(as_editor, page))
    OpenForm.objects.all().delete()
    with clock_at(now):
        sign(as_sato, page)
    with clock_at(now + OPEN_FOR - timedelta(seconds=1)):
        assert "sato" in "".join(notices(as_editor, page))
    with clock_at(now + OPEN_FOR):
        assert "sato" not in "".join(notices(as_editor, page))


def test_sign_tells_who_is_there_and_who_saved(as_editor, as_sato, page):
    sent = {name: form_on(as_editor, page)[name][0] for name in ("draft", "seen_revision")}
    as_sato.post(page, {**form_on(as_sato, page), "body": "先に保存した", "_save": "on"})
    as_sato.get(page)
    told = as_editor.post(f"{page.removesuffix('change/')}signs/", sent).json()["notices"]
    assert "satoさんが" in told[0] and "開いています" in told[0]
    assert "satoさんが" in told[1] and "保存しました" in told[1]


def test_saving_and_leaving_end_it(as_editor, as_sato, page):
    as_sato.post(page, {**form_on(as_sato, page), "_save": "on"})
    assert notices(as_editor, page) == []
    assert sign(as_sato, page, left="on") == 204
    assert "sato" not in "".join(notices(as_editor, page))


def test_sign_for_another_ends_nothing(as_editor, as_sato, page):
    as_sato.get(page)
    theirs = OpenForm.objects.get()
    assert sign(as_editor, page, draft=str(theirs.pk), left="on") == 204
    assert OpenForm.objects.filter(pk=theirs.pk, staff=User.objects.get(username="sato")).exists()


def test_signs_are_for_who_may_change_the_text(as_editor, publisher, hanako, page):
    address = f"{page.removesuffix('change/')}signs/"
    assert client_of(publisher).post(address, {"draft": "x"}).status_code == 403
    assert client_of(hanako).post(address, {}).status_code == 302
    assert as_editor.post(address, {"draft": "x"}).status_code == 404
    assert as_editor.get(address)["Location"] == page
    assert not OpenForm.objects.exists()


def test_opening_costs_three_statements_more_than_reading(as_editor, publisher, page, django_assert_max_num_queries):

    as_editor.get(page)
    with CaptureQueriesContext(
        connection,
    ) as found:
        as_editor.get(page)
    ours = [one["sql"] for one in found if "disclosures_openform" in one["sql"] or "privacycenter_draft" in one["sql"]]
    assert len(ours) == 3


def test_notes_of_closed_forms_are_removed(as_editor, page):
    as_editor.get(page)
    OpenForm.objects.update(until=timezone.now())
    call_command("purge_expired", "--dry-run")
    assert OpenForm.objects.count() == 1
    call_command("purge_expired")
    assert OpenForm.objects.count() == 0


def test_who_only_reads_a_text_opens_its_form_as_ever(publisher, page):
    shown = client_of(publisher).get(page)
    assert shown.status_code == 200 and "draft-status" not in shown.content.decode()
