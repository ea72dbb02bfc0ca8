"""A record exported for a person who cannot log in: with a reason, written down, handed over once or at the desk."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from consents.exports.actions import MOST_AT_ONCE, Wanted
from consents.exports.behalf_actions import Handover, export_for_person
from consents.models import Export
from disclosures.models import OneTimePage, RecordAccess
from disclosures.one_time.links import token_of
from privacycenter.outbox.working import work_off
from tests.support.clock import clock_at
from tests.support.exports import body
from tests.support.html import read

pytestmark = pytest.mark.django_db
REASON = "窓口で本人確認を済ませた開示の請求のため"
CODE = "ABCD-2345"


@pytest.fixture
def desk(as_officer, hanako):
    """The officer's browser, after the reason was given for which hanako is looked up."""
    as_officer.post("/admin/records/", {"who": hanako.subject, "scope": "whole", "reason": "開示の請求への対応です"})
    return as_officer


def sent(**more) -> dict:
    return {"format": "json", "language": "ja", "way": "desk", "address": "", "reason": REASON, **more}


def made(desk, person, **more):
    return desk.post(f"/admin/records/{person.pk}/export/", sent(**more))


def handed(officer, person) -> str:
    """The address of the page that hands over a file that is ready."""
    wanted, handover = Wanted("json", "", "ja", 0), Handover("hanako@example.jp", CODE)
    export_for_person(wanted=wanted, person=person, reason=REASON, handover=handover, by=officer)
    work_off()
    return f"/handed/{token_of(OneTimePage.objects.get().pk)}/"


def test_officer_has_a_file_made_and_downloads_it_and_the_person_reads_both(desk, as_hanako, hanako, disclosure):
    address = f"/admin/records/{hanako.pk}/export/"
    assert made(desk, hanako)["Location"] == address
    work_off()
    form = read(desk.get(address)).one(id="content-main").one("table").one("form")
    file = json.loads(body(desk.post(form["action"])))
    assert [one["id"] for one in file["disclosures"]] == [str(disclosure.id)]
    looks = RecordAccess.objects.filter(what="export").order_by("accessed_at")
    assert [look.reason for look in looks] == [REASON, "開示の請求への対応です"]
    assert REASON in read(as_hanako.get("/my/accesses/")).one("main").text
    assert not mail.outbox


def test_persons_own_list_says_that_staff_made_it(desk, hanako, home):
    made(desk, hanako)
    assert "担当者が作成" in read(home.get("/my/export/")).one("ul", cls="rows").text


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"reason": "短い"}, "reason"), ({"reason": ""}, "reason"), ({"way": "one-time"}, "address"),
        ({"way": "one-time", "address": "nobody"}, "address"), ({"way": ""}, "way"), ({"format": "exe"}, "format"),
        ({"language": "xx"}, "language"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named_and_nothing_is_made(desk, hanako, more, field):
    response = made(desk, hanako, **more)
    assert response.status_code == 422 and response.context["form"].errors.keys() == {field}
    assert not Export.objects.exists() and not RecordAccess.objects.filter(what="export").exists()


def test_third_file_at_once_is_refused(desk, hanako):
    found = [made(desk, hanako).status_code for _time in range(MOST_AT_ONCE + 1)]
    assert found == [302] * MOST_AT_ONCE + [429] and Export.objects.count() == MOST_AT_ONCE


def test_without_a_reason_to_look_nothing_is_shown_or_made(as_officer, hanako):
    assert as_officer.get(f"/admin/records/{hanako.pk}/export/")["Location"] == "/admin/records/"
    assert made(as_officer, hanako)["Location"] == "/admin/records/"
    assert not Export.objects.exists()


def test_permission_of_its_own_is_needed(desk, officer, hanako):
    group = officer.groups.get()
    group.permissions.remove(group.permissions.get(codename="export_for_person"))
    assert desk.get(f"/admin/records/{hanako.pk}/export/").status_code == 403
    assert made(desk, hanako).status_code == 403
    assert "export/" not in read(desk.get(f"/admin/records/{hanako.pk}/")).one(id="content-main").text


def test_officer_gets_no_file_that_the_person_made_or_that_is_handed_over(desk, officer, hanako):
    handed(officer, hanako)
    export = Export.objects.get()
    assert desk.post(f"/admin/records/{hanako.pk}/export/{export.id}/").status_code == 404
    Export.objects.update(handed_to="", staff_id=None)
    assert desk.post(f"/admin/records/{hanako.pk}/export/{export.id}/").status_code == 404


def test_desk_shows_the_code_once_and_the_mail_has_the_link_alone(desk, hanako):
    response = made(desk, hanako, way="one-time", address="hanako@example.jp")
    code = read(response).one(cls="one-time-code").text
    work_off()
    (message,) = mail.outbox
    assert message.to == ["hanako@example.jp"] and code not in message.body
    address = f"/handed/{token_of(OneTimePage.objects.get().pk)}/"
    assert address in message.body and Client().post(address, {"code": code}).status_code == 302


def test_page_hands_the_file_over_after_its_code(officer, hanako, disclosure):
    address, client = handed(officer, hanako), Client()
    assert client.post(f"{address}file/")["Location"] == address
    client.post(address, {"code": CODE})
    page = read(client.get(address)).one("main")
    assert page.all("form")[0]["action"] == f"{address}file/"
    response = client.post(f"{address}file/")
    assert str(disclosure.id) in body(response).decode() and len(response["Content-Length"]) > 2
    assert Client().post(f"{address}file/")["Location"] == address
    client.post(f"{address}closings/")
    assert client.get(address).status_code == 410 and client.post(f"{address}file/")["Location"] == address


def test_page_says_that_the_file_is_not_ready_or_gone(officer, hanako):
    address, client = handed(officer, hanako), Client()
    client.post(address, {"code": CODE})
    Export.objects.update(ready_at=None)
    assert "作成しています" in read(client.get(address)).one("main").text
    Export.objects.update(ready_at=timezone.now(), expires_at=timezone.now())
    assert "もうありません" in read(client.get(address)).one("main").text


def test_page_of_an_erased_persons_file_leads_nowhere(officer, hanako):
    address = handed(officer, hanako)
    Export.objects.all().delete()
    assert Client().get(address).status_code == 404


def test_page_goes_after_three_years(officer, hanako):
    with clock_at(timezone.now() - timedelta(days=3 * 366)):
        handed(officer, hanako)
    out = StringIO()
    call_command("purge_expired", stdout=out)
    assert "1 pages that handed over a file once removed" in out.getvalue() and not OneTimePage.objects.exists()


@pytest.mark.parametrize(("language", "words"), [("", "本人のためのファイル"), ("/en", "File for the person")])
def test_page_of_the_desk_speaks_its_language(desk, hanako, language, words):
    assert words in read(desk.get(f"{language}/admin/records/{hanako.pk}/export/")).text
