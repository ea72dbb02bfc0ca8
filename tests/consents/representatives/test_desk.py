"""Representatives at the privacy officer's desk: entering one, a second officer's word, and ending it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from consents.models import Representation, RepresentationEnding, RepresentationEvidence, RepresentationKind
from disclosures.models import AccountStep, Lookup, RecordAccess, Service
from disclosures.publishing.actions import publish_content
from tests.support.html import filled_in, read
from tests.support.people import client_of, make_user
from tests.support.representatives import WHY, an_agent, appointed, seen_by, wanted

pytestmark = pytest.mark.django_db


def born() -> date:
    """Ten years ago, on a day that every year has."""
    return timezone.localdate().replace(day=5) - timedelta(days=10 * 365)


def sent() -> dict:
    return {
        "representative": "taro", "kind": "parent", "born_on": born().isoformat(), "scope": "decide",
        "evidence": "family_register", "reason": WHY,
    }  # fmt: skip


@pytest.fixture
def page(as_officer, hanako, taro) -> str:
    as_officer.post("/admin/records/", {"who": hanako.subject, "scope": "whole", "reason": WHY})
    return f"/admin/records/{hanako.pk}/representatives/"


def test_officer_enters_a_parent_and_the_birth_date_is_kept_nowhere(as_officer, officer, hanako, taro, page, settings):
    assert page in as_officer.get(f"/admin/records/{hanako.pk}/").content.decode()
    assert as_officer.post(page, {**sent(), "left_out": ["jalan"]}).status_code == 302
    row = Representation.objects.get()
    assert timezone.localdate(row.until) == born().replace(year=born().year + settings.PARENT_UNTIL_AGE)
    assert (row.person, row.representative_id, row.left_out, row.staff_id) == (hanako, taro.pk, ["jalan"], officer.pk)
    assert born().isoformat() not in str(list(AccountStep.objects.values_list("detail", flat=True)))
    assert RecordAccess.objects.filter(person=taro, what="representatives", reason=WHY).exists()
    assert Lookup.objects.filter(reason=WHY, is_found=True).exists()
    assert "taro" in read(as_officer.get(page)).one("main").text
    assert hanako.subject not in as_officer.get("/admin/representatives/").content.decode()


def test_service_that_is_kept_from_parents_is_closed_to_a_parent_from_then_on(as_officer, officer, hanako, taro, page):
    before = appointed(hanako, make_user("other"), officer)
    Service.objects.filter(code="zexy").update(is_sensitive=True)
    assert "ゼクシィ" not in read(as_officer.get(page)).one(id="id_left_out_helptext").text
    publish_content(by=None)
    assert "ゼクシィ" in read(as_officer.get(page)).one(id="id_left_out_helptext").text
    as_officer.post(page, {**sent(), "left_out": ["jalan"]})
    assert hanako.representations.get(representative_id=taro.pk).left_out == ["jalan", "zexy"]
    before.refresh_from_db()
    assert before.left_out == []
    guardian = wanted(kind=RepresentationKind.GUARDIAN, evidence=RepresentationEvidence.COURT_ORDER)
    assert appointed(make_user("grown-up"), taro, officer, guardian).left_out == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"representative": "nobody"}, "representative"),
        ({"born_on": ""}, "born_on"),
        ({"born_on": "1980-01-01"}, "born_on"),
        ({"born_on": "2999-01-01"}, "born_on"),
        ({"born_on": "0001-01-01"}, "born_on"),
        ({"kind": "agent", "evidence": "power_of_attorney"}, "last_day"),
        ({"kind": "agent", "evidence": "power_of_attorney", "last_day": "2001-01-01"}, "last_day"),
        ({"kind": "agent", "evidence": "power_of_attorney", "last_day": "9999-12-31"}, "last_day"),
        ({"kind": "friend"}, "kind"),
        ({"left_out": ["no-such"]}, "left_out"),
        ({"evidence": "power_of_attorney"}, "__all__"),
        ({"representative": "hanako"}, "__all__"),
        ({"reason": ""}, "reason"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_entered(as_officer, page, wrong, field):
    answered = as_officer.post(page, {**sent(), **wrong})
    assert answered.status_code == 422 and field in answered.context["form"].errors
    assert not Representation.objects.exists() and not AccountStep.objects.exists()


def test_where_a_second_person_is_needed_nobody_enters_one_alone(settings, as_officer, hanako, taro, page):
    settings.SECOND_PERSON = True
    assert as_officer.post(page, sent()).status_code == 302 and not Representation.objects.exists()
    step = AccountStep.objects.get()
    second = client_of(make_user("second", is_staff=True, groups=("officers",)))
    answer_page = f"/admin/records/{hanako.pk}/changes/{step.id}/"
    assert answer_page in second.get("/admin/representatives/").content.decode()
    answer = {"answer": "approve", "reason": "確認した"}
    assert as_officer.post(answer_page, answer).status_code == 422
    shown = read(second.get(answer_page)).one("main").text
    assert "taro" in shown and "子どもの親" in shown and "戸籍の証明書" in shown
    # What became sensitive since it was proposed is closed, too.
    Service.objects.filter(code="zexy").update(is_sensitive=True)
    publish_content(by=None)
    assert second.post(answer_page, answer).status_code == 302
    assert seen_by(taro, Representation.objects.get()) == hanako and Representation.objects.get().left_out == ["zexy"]


def test_officer_ends_it_with_a_reason_that_both_read(as_officer, as_hanako, as_taro, hanako, taro, officer, page):
    row = appointed(hanako, taro, officer)
    ending = f"{page}{row.id}/"
    assert ending in as_officer.get(page).content.decode()
    assert as_officer.post(ending, {"reason": ""}).status_code == 422 and seen_by(taro, row)
    assert (
        as_officer.post(
            ending, {**filled_in(read(as_officer.get(ending)).one("main").one("form")), "reason": "取り下げの連絡"}
        ).status_code
        == 302
    )
    assert seen_by(taro, row) is None and RepresentationEnding.objects.count() == 1
    assert as_officer.post(ending, {"reason": "x"}).status_code == 422
    for client in (as_hanako, as_taro):
        assert "取り下げの連絡" in client.get("/my/representatives/").content.decode()
    assert as_officer.get(f"{page}{officer_id()}/").status_code == 404


def test_everybody_who_is_named_on_the_page_reads_that_it_was_opened(as_officer, hanako, taro, officer, page):
    other = make_user("other")
    row = appointed(hanako, taro, officer, an_agent())
    appointed(other, hanako, officer, an_agent())
    for path, named in ((page, {hanako, taro, other}), (f"{page}{row.id}/", {hanako, taro})):
        before = set(RecordAccess.objects.values_list("id", flat=True))
        assert as_officer.get(path).status_code == 200
        looks = RecordAccess.objects.exclude(id__in=before).filter(what="representatives", reason=WHY)
        assert {look.person for look in looks} == named


def officer_id() -> str:
    return "00000000-0000-0000-0000-000000000000"


def test_pages_open_for_officers_with_a_reason_alone(as_officer, as_editor, hanako, taro, officer):
    row = appointed(hanako, taro, officer)
    for path in (
        f"/admin/records/{hanako.pk}/representatives/",
        f"/admin/records/{hanako.pk}/representatives/{row.id}/",
    ):
        assert as_officer.get(path)["Location"] == "/admin/records/"
        assert as_editor.get(path).status_code == 403
    assert as_editor.get("/admin/representatives/").status_code == 403
