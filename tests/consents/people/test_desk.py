"""Erasing a person at the officers' desk."""

import pytest

from disclosures.models import AccountStage, Disclosure, Erasure
from tests.support.events import an_event, record
from tests.support.html import read
from tests.support.people import client_of, make_user

pytestmark = pytest.mark.django_db
WHY = "本人の求めにより消去する"


@pytest.fixture
def page(as_officer, hanako) -> str:
    """The page on which hanako is erased, opened with a reason."""
    as_officer.post("/admin/records/", {"who": hanako.subject, "scope": "whole", "reason": WHY})
    return f"/admin/records/{hanako.pk}/erasure/"


@pytest.fixture
def as_second(db):
    return client_of(make_user("second", is_staff=True, groups=("officers",)))


def test_page_says_what_goes_and_stays_and_then_erases(as_officer, officer, hanako, page):
    shown = read(as_officer.get(page)).one("main").text
    assert "消えるもの" in shown and "記録を閲覧した人の記録" in shown
    assert as_officer.post(page, {"reason": ""}).status_code == 422 and not Erasure.objects.exists()
    done = as_officer.post(page, {"reason": WHY}, follow=True)
    assert "消去しました" in read(done).text and hanako.subject not in done.content.decode()
    kept = Erasure.objects.get()
    assert (kept.staff_id, kept.role, kept.reason) == (officer.pk, "officers", WHY)
    hanako.refresh_from_db()
    assert hanako.subject.startswith("erased:")


def test_a_look_at_the_page_is_told_as_one_at_the_accounts(as_officer, as_hanako, hanako, page):
    assert as_officer.get(page).status_code == 200
    assert hanako.record_accesses.filter(what="accounts").exists()
    assert not hanako.record_accesses.filter(what="account").exists()
    assert "あなたのアカウント" in as_hanako.get("/my/accesses/").content.decode()


def test_page_says_that_the_law_demands_the_record_and_has_no_button(as_officer, hanako, reporter, page):
    record(reporter, an_event())
    shown = read(as_officer.get(page)).one("main")
    assert "法律で保存が義務づけられている記録" in shown.text and not shown.all("textarea")
    assert as_officer.post(page, {"reason": WHY}).status_code == 422
    assert Disclosure.objects.count() == 1 and not Erasure.objects.exists()
    hanako.refresh_from_db()
    assert hanako.subject == "subject-hanako" and not hanako.account_steps.exists()


def test_where_a_second_person_is_needed_nobody_erases_alone(settings, as_officer, as_second, hanako, page):
    settings.SECOND_PERSON = True
    as_officer.post(page, {"reason": WHY})
    step = hanako.account_steps.get()
    assert step.stage == AccountStage.PROPOSED and not Erasure.objects.exists()
    listed = as_second.get("/admin/erasures/").content.decode()
    answer_page = f"/admin/records/{hanako.pk}/changes/{step.id}/"
    assert answer_page in listed and hanako.subject not in listed
    answer = {"answer": "approve", "reason": "確認した"}
    assert as_officer.post(answer_page, answer).status_code == 422 and not Erasure.objects.exists()
    assert hanako.subject in read(as_second.get(answer_page)).text
    assert as_second.post(answer_page, answer).status_code == 302
    assert Erasure.objects.get().reason == WHY
    assert as_second.post(answer_page, answer).status_code == 422


def test_proposal_is_refused_and_may_not_be_approved_once_the_law_demands_the_record(
    settings, as_officer, as_second, hanako, reporter, page
):
    settings.SECOND_PERSON = True
    as_officer.post(page, {"reason": WHY})
    answer_page = f"/admin/records/{hanako.pk}/changes/{hanako.account_steps.get().id}/"
    record(reporter, an_event())
    assert as_second.post(answer_page, {"answer": "approve", "reason": "確認した"}).status_code == 422
    assert not Erasure.objects.exists() and hanako.account_steps.count() == 1
    assert as_second.post(answer_page, {"answer": "refuse", "reason": "記録がある"}).status_code == 302
    assert [one.stage for one in hanako.account_steps.order_by("id")] == [AccountStage.PROPOSED, AccountStage.REFUSED]


def test_page_opens_for_officers_with_a_reason_alone(as_officer, as_editor, hanako):
    path = f"/admin/records/{hanako.pk}/erasure/"
    assert as_officer.get(path)["Location"] == "/admin/records/"
    assert as_editor.get(path).status_code == as_editor.post(path, {"reason": WHY}).status_code == 403
    assert not Erasure.objects.exists()
