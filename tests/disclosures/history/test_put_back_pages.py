"""Putting back from the desk: a page says what would change, one button does it, and that can be undone."""

import pytest
from django.utils import timezone

from consents.incidents.actions import open_incident
from consents.incidents.hold_actions import hold_recipient
from disclosures.content.working_copy import working_document
from disclosures.models import Link, Publication, Question, Recipient, Revision, Scenario, Section, Service
from tests.support.desk import desk, form_on, online_booking, save
from tests.support.html import read
from tests.support.people import client_of

pytestmark = pytest.mark.django_db


def revision_of(code) -> Revision:
    """The newest."""
    return Revision.objects.filter(code=code).first()


def to_revision(revision, query="") -> str:
    return f"/admin/history/{revision.pk}/put-back/{query}"


def to_publication(query="") -> str:
    return f"/admin/publications/{Publication.objects.order_by('-number').first().number}/put-back/{query}"


def press(client, path, status=302):
    """Put back what the page shows, as its reader does."""
    page = read(client.get(path))
    response = client.post(path, {"seen": page.one("input", name="seen")["value"]})
    assert response.status_code == status
    return response


def retitled(client, title="オンライン予約", **more):
    save(client, online_booking(), title=title, **more)
    return revision_of("online-booking")


def test_change_is_undone_from_its_history(as_editor):
    before = working_document()
    revision = retitled(as_editor)
    history = read(as_editor.get(online_booking().replace("change", "history")))
    assert to_revision(revision) in [link["href"] for link in history.all("a")]
    page = read(as_editor.get(to_revision(revision)))
    shown = [[word.text for word in page.all(tag)] for tag in ("del", "ins")]
    assert shown == [["オンライン"], ["ネット"]]
    press(as_editor, to_revision(revision))
    assert working_document() == before


def test_putting_back_is_undone(as_editor):
    revision = retitled(as_editor)
    changed = working_document()
    response = press(as_editor, to_revision(revision))
    followed = read(as_editor.get(as_editor.get(response["Location"])["Location"].partition("#")[0]))
    undo = next(link["href"] for link in followed.all("a") if link.text == "取り消す")
    press(as_editor, undo)
    assert working_document() == changed


def test_entry_goes_back_to_an_older_version(as_editor):
    first = retitled(as_editor)
    retitled(as_editor, "三つ目の題")
    press(as_editor, to_revision(first, "?to=after"))
    assert working_document()["scenarios"]["online-booking"] == first.after


def test_one_text_in_one_language_is_put_back(as_editor):
    before = working_document()["scenarios"]["online-booking"]
    retitled(as_editor, title_en="Other", body="別の本文")
    press(as_editor, to_publication("?entry=scenarios:online-booking&field=title&language=en"))
    now = working_document()["scenarios"]["online-booking"]
    assert now["title"] == {"ja": "オンライン予約", "en": before["title"]["en"]}
    assert now["body"]["source"]["ja"] == "別の本文"


def test_difference_that_waits_is_put_back_to_what_visitors_see(as_editor):
    before = working_document()
    retitled(as_editor, body="別の本文")
    links = [link["href"] for link in read(as_editor.get("/admin/pending/")).all("a")]
    entry = to_publication("?entry=scenarios%3Aonline-booking")
    assert {entry, f"{entry}&field=title&language=ja", f"{entry}&field=body&language=ja"} <= set(links)
    press(as_editor, f"{entry}&field=title&language=ja")
    assert working_document()["scenarios"]["online-booking"]["title"] == before["scenarios"]["online-booking"]["title"]
    press(as_editor, entry)
    assert working_document() == before


def test_deleted_section_comes_back_with_what_was_in_it(as_editor):
    before = working_document()
    as_editor.post(desk(Section, "personal-information").replace("/change/", "/delete/"), {"post": "yes"})
    assert "personal-information" not in working_document()["sections"]
    revision = Revision.objects.get(kind="sections", code="personal-information", after__isnull=True)
    history = read(as_editor.get("/admin/history/"))
    assert to_revision(revision, "?scope=step") in [link["href"] for link in history.all("a")]
    press(as_editor, to_revision(revision, "?scope=step"))
    assert working_document() == before


def test_deleted_section_comes_back_whole_from_a_publication(as_editor):
    before = working_document()
    as_editor.post(desk(Section, "personal-information").replace("/change/", "/delete/"), {"post": "yes"})
    press(as_editor, to_publication("?entry=sections:personal-information"))
    assert working_document() == before


def test_deleted_link_comes_back_to_where_it_stood(as_editor):
    before = working_document()
    link = Link.objects.filter(sections__isnull=False).first()
    as_editor.post(desk(Link, link.code).replace("/change/", "/delete/"), {"post": "yes"})
    press(as_editor, to_revision(Revision.objects.get(kind="links", after__isnull=True), "?scope=step"))
    assert working_document() == before


def test_whole_working_copy_goes_back(as_editor):
    before = working_document()
    first = Revision.objects.first()
    retitled(as_editor)
    Question.objects.all().delete()
    save(as_editor, desk(Service, "jalan"), title="別のサービス")
    press(as_editor, to_revision(first, "?to=after&scope=all"))
    assert working_document()["services"] == before["services"]
    press(as_editor, to_publication())
    assert working_document() == before


def test_nothing_to_put_back_says_so(as_editor):
    page = read(as_editor.get(to_publication()))
    assert "すでに同じ内容です" in page.one("main").text and not page.all("input", name="seen")


def test_what_is_missing_is_named_and_put_back_too(as_editor):
    before = working_document()
    code = Link.objects.filter(sections__isnull=False).first().code
    section = Section.objects.filter(links__code=code).first().code
    as_editor.post(desk(Link, code).replace("/change/", "/delete/"), {"post": "yes"})
    response = as_editor.get(to_publication(f"?entry=sections:{section}"))
    assert response.status_code == 409
    [also] = [link["href"] for link in read(response).all("a", cls="button") if "also=" in link["href"]]
    press(as_editor, also)
    now = working_document()
    assert now["links"] == before["links"] and now["sections"][section] == before["sections"][section]


def test_somebody_faster_is_told_and_nothing_is_put_back(as_editor):
    revision = retitled(as_editor)
    seen = read(as_editor.get(to_revision(revision))).one("input", name="seen")["value"]
    Scenario.objects.filter(code="online-booking").update(title="別の人の題")
    response = as_editor.post(to_revision(revision), {"seen": seen}, follow=True)
    assert "何も元に戻していません" in response.content.decode()
    assert Scenario.objects.get(code="online-booking").title == "別の人の題"


def test_open_form_of_somebody_else_is_told(as_editor):
    revision = retitled(as_editor)
    form = form_on(as_editor, online_booking())
    press(as_editor, to_revision(revision))
    response = as_editor.post(online_booking(), {**form, "title": "三つ目", "_save": "on"})
    assert response.status_code == 200 and Scenario.objects.get(code="online-booking").title == "ネット予約"


def test_publisher_may_look_but_not_put_back(as_editor, publisher):
    revision = retitled(as_editor)
    client = client_of(publisher)
    page = read(client.get(to_revision(revision)))
    assert page.all("ins") and not page.all("input", name="seen")
    assert client.post(to_revision(revision), {"seen": ""}).status_code == 403
    assert Scenario.objects.get(code="online-booking").title == "オンライン予約"


def test_hold_of_an_officer_stays_and_the_page_says_so(as_editor, officer):
    incident = open_incident(title="漏えい", noticed_at=timezone.now(), by=officer)
    hold_recipient(incident=incident, recipient="minato-inn", reason={"ja": "確認しています。"}, by=officer)
    path = to_revision(revision_of("minato-inn"))
    page = read(as_editor.get(path))
    assert "見合わせはそのまま残ります" in page.one("main").text and not page.all("input", name="seen")
    as_editor.post(path, {"seen": ""})
    assert Recipient.objects.get(code="minato-inn").on_hold_reason == "確認しています。"


@pytest.mark.parametrize(
    "query",
    ["?entry=nothing:x", "?entry=scenarios", "?entry=scenarios:online-booking&field=nothing", "?also=x",
     "?entry=scenarios:online-booking&field=title&language=xx", "?field=title"],
)  # fmt: skip
def test_address_that_names_nothing_is_not_found(as_editor, query):
    assert as_editor.get(to_publication(query)).status_code == 404


def test_unknown_change_or_scope_is_not_found(as_editor):
    assert as_editor.get("/admin/history/999999/put-back/").status_code == 404
    assert as_editor.get(to_revision(Revision.objects.first(), "?scope=other")).status_code == 404
    assert as_editor.get("/admin/publications/999/put-back/").status_code == 404


def test_recipient_that_was_added_is_retired_by_undoing(as_editor):
    country = Recipient.objects.first().country_id
    save(as_editor, "/admin/disclosures/recipient/add/", code="new-inn", title="新しい宿", country=country)
    press(as_editor, to_revision(revision_of("new-inn")))
    assert Recipient.objects.get(code="new-inn").retired_at is not None
