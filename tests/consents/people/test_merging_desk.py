"""Putting accounts together at the officers' desk, and taking them apart."""

import pytest

from disclosures.models import AccountStage, AccountStep, RecordAccess, SharedRecord
from tests.support.events import an_event, record
from tests.support.html import filled_in, read
from tests.support.people import client_of, make_user
from tests.support.together import WHY, as_now, put_together, second_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def before(as_officer, db):
    found = second_account()
    as_officer.post("/admin/records/", {"who": found.subject, "scope": "whole", "reason": WHY})
    return found


@pytest.fixture
def page(before) -> str:
    return f"/admin/records/{before.pk}/merging/"


@pytest.fixture
def as_second(db):
    return client_of(make_user("second", is_staff=True, groups=("officers",)))


def form_in(response) -> dict:
    return filled_in(next(form for form in read(response).one("main").all("form")))


def test_page_shows_first_what_it_would_do_and_then_does_it(as_officer, officer, hanako, before, page, reporter):
    record(reporter, an_event(), an_event("event-2", subject=before.subject))
    assert "一緒にする" in read(as_officer.get(f"/admin/records/{before.pk}/")).one("main").text
    shown = as_officer.post(page, {"into": hanako.subject, "reason": WHY})
    assert shown.status_code == 200 and not SharedRecord.objects.exists()
    assert hanako.subject in read(shown).one("main").text and "提供記録" in read(shown).one("main").text
    assert RecordAccess.objects.filter(person=hanako, what="accounts", reason=WHY).count() == 1
    assert as_officer.post(page, form_in(shown)).status_code == 302
    assert as_now(before).merged_into == hanako
    assert {one.staff_id for one in AccountStep.objects.all()} == {officer.pk}
    assert hanako.subject in read(as_officer.get(f"/admin/records/{before.pk}/")).one("main").text


def test_another_account_than_the_one_seen_is_shown_again(as_officer, hanako, taro, before, page):
    shown = form_in(as_officer.post(page, {"into": hanako.subject, "reason": WHY}))
    again = as_officer.post(page, {**shown, "into": taro.subject})
    assert again.status_code == 200 and form_in(again)["seen"] == [taro.subject]
    assert not SharedRecord.objects.exists()


def test_what_cannot_be_is_said_at_the_field(as_officer, officer, before, page):
    for into in (before.subject, "nobody", officer.subject, ""):
        answered = as_officer.post(page, {"into": into, "reason": WHY})
        assert answered.status_code == 422 and "errorlist" in answered.content.decode(), into
    assert as_officer.post(page, {"into": "nobody", "reason": ""}).status_code == 422
    assert not SharedRecord.objects.exists() and not AccountStep.objects.exists()


def test_where_a_second_person_is_needed_nobody_does_it_alone(settings, as_officer, as_second, hanako, before, page):
    settings.SECOND_PERSON = True
    as_officer.post(page, form_in(as_officer.post(page, {"into": hanako.subject, "reason": WHY})))
    step = AccountStep.objects.get()
    assert (step.stage, step.person_id) == (AccountStage.PROPOSED, before.pk) and not SharedRecord.objects.exists()
    answer_page = f"/admin/records/{before.pk}/changes/{step.id}/"
    listed = as_second.get("/admin/erasures/").content.decode()
    assert answer_page in listed and before.subject not in listed
    answer = {"answer": "approve", "reason": "確認した"}
    assert as_officer.post(answer_page, answer).status_code == 422 and not SharedRecord.objects.exists()
    shown = read(as_second.get(answer_page)).one("main").text
    assert before.subject in shown and hanako.subject in shown
    assert as_second.post(answer_page, answer).status_code == 302 and as_now(before).merged_into == hanako
    assert as_second.post(answer_page, answer).status_code == 422


def test_proposal_is_refused_and_cannot_be_approved_once_something_stands_in_the_way(
    settings, as_officer, as_second, hanako, taro, before, page
):
    settings.SECOND_PERSON = True
    as_officer.post(page, form_in(as_officer.post(page, {"into": hanako.subject, "reason": WHY})))
    answer_page = f"/admin/records/{before.pk}/changes/{AccountStep.objects.get().id}/"
    put_together(before, taro)
    assert as_second.post(answer_page, {"answer": "approve", "reason": "確認した"}).status_code == 422
    assert as_now(before).merged_into == taro
    assert as_second.post(answer_page, {"answer": "refuse", "reason": "別の人"}).status_code == 302
    assert AccountStep.objects.filter(stage=AccountStage.REFUSED).count() == 1


def test_accounts_are_taken_apart(as_officer, hanako, before):
    path = f"/admin/records/{before.pk}/separating/"
    assert as_officer.get(path).status_code == 404
    put_together(before, hanako)
    assert hanako.subject in read(as_officer.get(path)).one("main").text
    assert as_officer.post(path, {"reason": ""}).status_code == 422 and as_now(before).merged_into == hanako
    assert as_officer.post(path, {"reason": "別の人だった"}).status_code == 302
    assert as_now(before).merged_into is None


def test_one_of_several_accounts_has_no_button_that_erases(as_officer, hanako, before):
    put_together(before, hanako)
    shown = read(as_officer.get(f"/admin/records/{before.pk}/erasure/")).one("main")
    assert not shown.all("textarea")


def test_pages_open_for_officers_with_a_reason_alone(as_officer, as_editor, hanako, before):
    for name in ("merging", "separating"):
        path = f"/admin/records/{hanako.pk}/{name}/"
        assert as_officer.get(path)["Location"] == "/admin/records/"
        assert as_editor.get(path).status_code == as_editor.post(path, {"reason": WHY}).status_code == 403
