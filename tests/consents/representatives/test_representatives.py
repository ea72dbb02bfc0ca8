"""A representation from being entered to its end, and what both are told."""

from datetime import date

import pytest
from django.core import mail

from consents.models import Mailing, Notice, RepresentationEnd, RepresentationEnding
from consents.representatives.actions import (
    appoint_representative,
    end_by_officer,
    end_by_person,
    end_if_over,
    resign,
)
from consents.representatives.appointments import anniversary
from consents.representatives.followers import hand_over
from consents.representatives.followers import mail as mail_news
from consents.representatives.topics import AboutRepresentation, RepresentationNews
from disclosures.models import AccountChange, AccountStage, AccountStep
from privacycenter.outbox.working import work_off
from tests.support.clock import clock_at
from tests.support.html import read
from tests.support.people import client_of
from tests.support.representatives import WHY, an_agent, appointed, seen_by, wanted

pytestmark = pytest.mark.django_db


def news_of(*people) -> list[str]:
    return sorted(Notice.objects.filter(person__in=people).values_list("state", flat=True))


def test_parent_may_act_at_once_and_both_are_told(hanako, taro, officer):
    row = appointed(hanako, taro, officer)
    assert row.has_begun() and seen_by(taro, row) == hanako and row.staff_id == officer.pk
    steps = AccountStep.objects.filter(kind=AccountChange.REPRESENTED, stage=AccountStage.DONE)
    assert {(one.person_id, one.detail["other"]) for one in steps} == {(hanako.pk, taro.pk), (taro.pk, hanako.pk)}
    work_off()
    assert news_of(hanako, taro) == ["entered", "entered"]
    end_by_person(representation=row.id, by=hanako)
    work_off()
    assert news_of(hanako) == news_of(taro) == ["ended", "entered"]


def test_agent_may_act_only_after_the_person_could_object(hanako, taro, officer):
    row = appointed(hanako, taro, officer, an_agent())
    assert not row.has_begun() and seen_by(taro, row) is None
    with clock_at(row.begins_at):
        assert seen_by(taro, row) == hanako
    assert end_by_person(representation=row.id, by=hanako).kind == RepresentationEnd.OBJECTED
    with clock_at(row.begins_at):
        assert seen_by(taro, row) is None


def test_each_of_both_and_the_officer_ends_it_at_once(hanako, taro, officer):
    ends = []
    for end in (
        lambda row: end_by_person(representation=row.id, by=hanako),
        lambda row: resign(representation=row.id, by=taro),
        lambda row: end_by_officer(person=hanako, representation=row.id, reason="裁判所の通知", by=officer),
    ):
        appoint_representative(person=hanako, representative=taro, wanted=wanted(), reason=WHY, by=officer)
        row = hanako.representations.newest_first().first()
        ends.append(end(row).kind)
        assert seen_by(taro, row) is None
    assert ends == [RepresentationEnd.ENDED, RepresentationEnd.RESIGNED, RepresentationEnd.ENDED_BY_OFFICER]


def test_child_takes_over_on_the_day_and_it_is_written_once(hanako, taro, officer):
    row = appointed(hanako, taro, officer)
    due = AboutRepresentation(person=hanako.pk, representation=row.id)
    hand_over(due)
    assert not RepresentationEnding.objects.exists()
    with clock_at(row.until):
        assert seen_by(taro, row) is None
        hand_over(due)
        hand_over(due)
        assert end_if_over(person=hanako.pk, representation=row.id) is None
    assert RepresentationEnding.objects.get().kind == RepresentationEnd.OVER


def test_mail_about_it_names_nobody_and_is_sent_once(hanako, taro, officer):
    for person in (hanako, taro):
        type(person).objects.filter(pk=person.pk).update(email=f"{person.username}@example.jp")
    row = appointed(hanako, taro, officer)
    end_by_person(representation=row.id, by=hanako)
    told = RepresentationNews(person=hanako.pk, representation=row.id, news="ended")
    mail_news(told)
    mail_news(told)
    assert sorted(one.to[0] for one in mail.outbox) == ["hanako@example.jp", "taro@example.jp"]
    assert all("hanako" not in one.body and "taro" not in one.body for one in mail.outbox)
    assert all("代理" not in one.subject for one in mail.outbox) and Mailing.objects.count() == 2


@pytest.mark.once
@pytest.mark.parametrize(
    ("born", "until"), [(date(2012, 2, 29), date(2027, 3, 1)), (date(2013, 5, 3), date(2028, 5, 3))]
)
def test_child_of_29_february_is_of_age_on_the_first_of_march(born, until):
    assert anniversary(born, 15) == until


def test_page_shows_both_who_acts_and_for_whom(as_hanako, as_taro, hanako, taro, officer):
    for client in (as_hanako, as_taro):
        assert "いません" in read(client.get("/my/representatives/")).one("main").text
    row = appointed(hanako, taro, officer, an_agent(left_out=("jalan",)))
    mine, held = (read(client.get("/my/representatives/")).one("main").text for client in (as_hanako, as_taro))
    assert "taro" in mine and "異議" in mine and "じゃらん" in mine
    assert "hanako" in held and "hanakoさんの代理をする" not in held
    assert as_taro.post(f"/my/representatives/{row.id}/endings/").status_code == 302
    assert not RepresentationEnding.objects.exists()
    assert as_hanako.post(f"/my/representatives/{row.id}/endings/").status_code == 302
    assert RepresentationEnding.objects.get().kind == RepresentationEnd.OBJECTED
    assert as_hanako.post(f"/my/representatives/{row.id}/endings/").status_code == 302
    assert as_taro.post(f"/my/representatives/{row.id}/resignations/").status_code == 302
    assert RepresentationEnding.objects.count() == 1
    assert client_of(officer).get("/en/my/representatives/").status_code == 200
