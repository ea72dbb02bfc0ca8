"""Publishing at the desk: what waits is shown word by word, published, proposed, approved, at a set time; and back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime

from disclosures.content.publications import newest_publication
from disclosures.models import Proposal, ProposalApproval, ProposalOutcome, Publication, Scenario, Verdict
from disclosures.proposals.actions import (
    approve_proposal,
    propose_publication,
    publish_due_proposal,
    withdraw_proposal,
)
from disclosures.publishing.actions import publish_content
from privacycenter.errors import InvalidValue, NoLongerOpen, NothingToPublish, NotPublishable, SecondPersonNeeded
from privacycenter.outbox.working import work_off
from tests.support.content import retitle
from tests.support.html import filled_in, read
from tests.support.people import client_of, make_user

pytestmark = pytest.mark.django_db

PENDING = "/admin/pending/"


def title_shown() -> str:
    return newest_publication().document["scenarios"]["online-booking"]["title"]["ja"]


def send(client, path=PENDING, **more):
    """The form of the page as it is shown now."""
    seen = read(client.get(PENDING)).all("input", name="seen")
    fields = {"reason": "わかりやすく", "publish_at": "", "seen": seen[0]["value"] if seen else ""}
    return client.post(path, {**fields, **more}, follow=True)


def in_an_hour() -> str:
    return f"{localtime(timezone.now() + timedelta(hours=1)):%Y-%m-%dT%H:%M}"


@pytest.fixture
def as_writer(writer):
    return client_of(writer)


@pytest.fixture
def as_publisher(publisher):
    return client_of(publisher)


@pytest.fixture
def two_people(settings):
    settings.SECOND_PERSON = True


@pytest.fixture
def proposal(writer) -> Proposal:
    retitle()
    return propose_publication(reason="わかりやすく", by=writer)


def verdict(proposal) -> Verdict:
    return Verdict(ProposalOutcome.objects.get(proposal=proposal).verdict)


# --- What waits ------------------------------------------------------------------------------------------------------


def test_what_waits_is_shown_word_by_word_with_who_changed_it(as_editor):
    address = f"/admin/disclosures/scenario/{Scenario.objects.get(code='online-booking').pk}/change/"
    form = next(one for one in read(as_editor.get(address)).all("form") if (one["id"] or "").endswith("_form"))
    as_editor.post(address, {**filled_in(form), "title": "オンライン予約", "_save": "on"})
    (change,) = read(as_editor.get(PENDING)).all("article", cls="revision")
    assert change.one("h3").one("a")["href"] == "/admin/edit/scenarios/online-booking/"
    assert change.one("ins").text == "オンライン" and change.one("del").text == "ネット"
    assert "editor" in change.text


def test_waiting_changes_cost_the_same_for_many(as_editor, django_assert_max_num_queries):
    retitle()
    with django_assert_max_num_queries(60) as few:
        as_editor.get(PENDING)
    for scenario in Scenario.objects.all():
        Scenario.objects.filter(pk=scenario.pk).update(title=f"{scenario.title}です")
    with django_assert_max_num_queries(len(few)):
        page = read(as_editor.get(PENDING))
    assert len(page.all("article", cls="revision")) == Scenario.objects.count()


def test_what_is_wrong_is_named_with_a_link_to_the_field_and_cannot_be_published(as_editor):
    Scenario.objects.filter(code="online-booking").update(body="[ここ](/nothing/)")
    page = read(as_editor.get(PENDING))
    link = page.one(cls="findings").all("a")[0]
    assert link["href"] == "/admin/edit/scenarios/online-booking/?field=body"
    field = as_editor.get(link["href"])["Location"]
    assert read(as_editor.get(field)).all(id=field.partition("#")[2])
    assert (
        "disabled" in page.one("div", cls="submit-row").one("input")["type"]
        or "disabled" in page.one("div", cls="submit-row").one("input").attributes
    )
    send(as_editor)
    assert Publication.objects.count() == 1


def test_what_was_not_seen_is_not_published(as_editor):
    retitle()
    seen = read(as_editor.get(PENDING)).one("input", name="seen")["value"]
    retitle("別の題")
    response = as_editor.post(PENDING, {"reason": "わかりやすく", "seen": seen})
    assert response.status_code == 409 and Publication.objects.count() == 1
    page = read(response)
    assert page.one("input", name="reason")["value"] == "わかりやすく" and "別の" in page.text
    again = as_editor.post(PENDING, {"reason": "x", "seen": page.one("input", name="seen")["value"]})
    assert again.status_code == 302 and title_shown() == "別の題"


@pytest.mark.parametrize(
    "wrong", [{"publish_at": "tomorrow"}, {"publish_at": "2020-01-01T00:00"}, {"reason": "長" * 501}]
)
def test_wrong_entry_is_told_and_nothing_is_published(as_editor, wrong):
    retitle()
    response = send(as_editor, **wrong)
    assert response.status_code == 422 and read(response).all(cls="errorlist")
    assert (Publication.objects.count(), Proposal.objects.count()) == (1, 0)


def test_saving_and_publishing_wrong_content_saves_and_says_why_it_is_not_published(as_editor):
    address = f"/admin/disclosures/scenario/{Scenario.objects.get(code='online-booking').pk}/change/"
    form = next(one for one in read(as_editor.get(address)).all("form") if (one["id"] or "").endswith("_form"))
    response = as_editor.post(address, {**filled_in(form), "body": "# 見出し", "_publish": "on"}, follow=True)
    assert Scenario.objects.get(code="online-booking").body == "# 見出し"
    assert Publication.objects.count() == 1
    assert "公開していません" in read(response).one(cls="messagelist").text


# --- At a set time ---------------------------------------------------------------------------------------------------


def test_publisher_sets_a_time_and_the_worker_publishes_then(as_editor, editor, time_machine):
    retitle()
    send(as_editor, publish_at=in_an_hour())
    work_off()
    assert title_shown() == "ネット予約"
    retitle("まだ途中")
    time_machine.move_to(timezone.now() + timedelta(hours=1))
    work_off()
    assert title_shown() == "オンライン予約"
    newest = Publication.objects.newest()
    assert (newest.number, newest.published_by, newest.reason) == (2, editor, "わかりやすく")
    assert verdict(Proposal.objects.get()) == Verdict.PUBLISHED


def test_what_waits_for_its_time_is_named_above_what_changes(as_editor, time_machine):
    retitle()
    send(as_editor, publish_at=in_an_hour())
    note = read(as_editor.get(PENDING)).one("section", cls="desk-note")
    assert note.one("a")["href"] == f"/admin/proposals/{Proposal.objects.get().pk}/"
    assert date_format(localtime(Proposal.objects.get().publish_at), "DATETIME_FORMAT") in note.text
    time_machine.move_to(timezone.now() + timedelta(hours=1))
    work_off()
    assert read(as_editor.get(PENDING)).all("section", cls="desk-note") == []


def test_what_nobody_approved_does_not_wait_for_its_time_alone(as_editor, writer):
    retitle()
    propose_publication(publish_at=timezone.now() + timedelta(hours=1), by=writer)
    assert read(as_editor.get(PENDING)).all("section", cls="desk-note") == []


def test_work_done_twice_publishes_once(editor, time_machine):
    retitle()
    proposal = propose_publication(publish_at=timezone.now() + timedelta(hours=1), by=editor)
    time_machine.move_to(timezone.now() + timedelta(hours=1))
    assert publish_due_proposal(proposal=proposal).number == 2
    assert publish_due_proposal(proposal=proposal) is None
    assert Publication.objects.count() == 2


def test_publication_in_between_outdates_it(editor, time_machine):
    retitle()
    proposal = propose_publication(publish_at=timezone.now() + timedelta(hours=1), by=editor)
    retitle("急ぎの訂正")
    publish_content(by=editor)
    time_machine.move_to(timezone.now() + timedelta(hours=1))
    work_off()
    assert (title_shown(), verdict(proposal)) == ("急ぎの訂正", Verdict.OUTDATED)


def test_withdrawn_before_its_time_it_is_not_published(editor, time_machine):
    retitle()
    proposal = propose_publication(publish_at=timezone.now() + timedelta(hours=1), by=editor)
    withdraw_proposal(proposal=proposal, by=editor)
    time_machine.move_to(timezone.now() + timedelta(hours=1))
    work_off()
    assert (title_shown(), verdict(proposal)) == ("ネット予約", Verdict.WITHDRAWN)


def test_time_that_has_passed_is_refused(editor):
    retitle()
    with pytest.raises(InvalidValue):
        propose_publication(publish_at=timezone.now(), by=editor)


# --- Proposing and approving -----------------------------------------------------------------------------------------


def test_editor_proposes_and_publisher_approves(as_writer, as_publisher, publisher):
    retitle()
    assert "提案" in read(as_writer.get(PENDING)).one("div", cls="submit-row").one("input")["value"]
    send(as_writer)
    assert title_shown() == "ネット予約"
    proposal = Proposal.objects.get()
    address = f"/admin/proposals/{proposal.pk}/"
    assert address in [link["href"] for link in read(as_publisher.get("/admin/proposals/")).all("a")]
    page = read(as_publisher.get(address))
    assert page.one("ins").text == "オンライン"
    assert {button["value"] for button in page.one("div", cls="answer-row").all("button")} == {"approve", "reject"}
    as_publisher.post(address, {"do": "approve", "note": ""})
    assert title_shown() == "オンライン予約"
    assert Publication.objects.newest().published_by == publisher


def test_editor_cannot_publish_or_approve(as_writer, proposal):
    send(as_writer)
    assert as_writer.post(f"/admin/proposals/{proposal.pk}/", {"do": "approve"}).status_code == 403
    assert as_writer.post(f"/admin/proposals/{proposal.pk}/", {"do": "reject", "note": "x"}).status_code == 403
    assert as_writer.post("/admin/publications/1/", {"reason": "x"}).status_code == 403
    assert Publication.objects.count() == 1


def test_what_was_proposed_is_published_whatever_was_written_since(proposal, publisher):
    retitle("まだ途中")
    approve_proposal(proposal=proposal, by=publisher)
    assert title_shown() == "オンライン予約"


def test_rejected_with_a_reason(as_publisher, proposal):
    address = f"/admin/proposals/{proposal.pk}/"
    assert as_publisher.post(address, {"do": "reject", "note": ""}).status_code == 422
    as_publisher.post(address, {"do": "reject", "note": "言い方がまだ硬い"})
    assert verdict(proposal) == Verdict.REJECTED
    assert "言い方がまだ硬い" in read(as_publisher.get(address)).text


def test_own_proposal_is_withdrawn_and_no_other(as_writer, as_publisher, proposal):
    address = f"/admin/proposals/{proposal.pk}/"
    assert as_publisher.post(address, {"do": "withdraw"}).status_code == 403
    as_writer.post(address, {"do": "withdraw"})
    assert verdict(proposal) == Verdict.WITHDRAWN


@pytest.mark.parametrize("asked", ["approve", "reject", "withdraw"])
def test_what_has_ended_stays_as_it_ended(as_editor, editor, asked):
    retitle()
    proposal = propose_publication(by=editor)
    withdraw_proposal(proposal=proposal, by=editor)
    response = as_editor.post(f"/admin/proposals/{proposal.pk}/", {"do": asked, "note": "x"}, follow=True)
    assert response.status_code == 200 and "ほかの人" in read(response).one(cls="messagelist").text
    assert verdict(proposal) == Verdict.WITHDRAWN and Publication.objects.count() == 1


def test_outdated_proposal_cannot_be_approved(as_publisher, proposal, editor):
    retitle("急ぎの訂正")
    publish_content(by=editor)
    page = read(as_publisher.get(f"/admin/proposals/{proposal.pk}/"))
    approve = next(button for button in page.all("button") if button["value"] == "approve")
    assert "disabled" in approve.attributes and page.all(cls="errornote")
    as_publisher.post(f"/admin/proposals/{proposal.pk}/", {"do": "approve"})
    assert title_shown() == "急ぎの訂正"


def test_nonsense_asked_of_a_proposal_does_nothing(as_publisher, proposal):
    as_publisher.post(f"/admin/proposals/{proposal.pk}/", {"do": "burn"})
    assert not ProposalOutcome.objects.exists() and not ProposalApproval.objects.exists()


def test_proposal_that_does_not_exist_is_not_found(as_publisher):
    assert as_publisher.get("/admin/proposals/999999/").status_code == 404
    assert as_publisher.get("/admin/publications/999999/").status_code == 404


def test_proposing_nothing_or_something_wrong_is_refused(writer):
    with pytest.raises(NothingToPublish):
        propose_publication(by=writer)
    retitle("")
    with pytest.raises(NotPublishable):
        propose_publication(by=writer)


# --- Nobody publishes alone ------------------------------------------------------------------------------------------


def test_second_person_is_needed_also_of_a_publisher(as_editor, as_publisher, two_people):
    retitle()
    send(as_editor)
    proposal = Proposal.objects.get()
    address = f"/admin/proposals/{proposal.pk}/"
    as_editor.post(address, {"do": "approve"})
    assert title_shown() == "ネット予約"
    as_publisher.post(address, {"do": "approve"})
    assert title_shown() == "オンライン予約"


def test_second_person_is_needed_also_for_a_set_time(as_editor, publisher, two_people, time_machine):
    retitle()
    send(as_editor, publish_at=in_an_hour())
    proposal = Proposal.objects.get()
    approve_proposal(proposal=proposal, by=publisher)
    assert title_shown() == "ネット予約"
    time_machine.move_to(timezone.now() + timedelta(hours=1))
    work_off()
    assert title_shown() == "オンライン予約"


def test_unapproved_proposal_is_not_published_at_its_time(editor, two_people, time_machine):
    retitle()
    proposal = propose_publication(publish_at=timezone.now() + timedelta(hours=1), by=editor)
    time_machine.move_to(timezone.now() + timedelta(hours=2))
    work_off()
    assert publish_due_proposal(proposal=proposal) is None
    assert title_shown() == "ネット予約"


def test_time_set_alone_publishes_nothing_once_a_second_person_is_needed(editor, settings, time_machine):
    retitle()
    proposal = propose_publication(publish_at=timezone.now() + timedelta(hours=1), by=editor)
    settings.SECOND_PERSON = True
    time_machine.move_to(timezone.now() + timedelta(hours=1))
    work_off()
    assert title_shown() == "ネット予約"
    assert verdict(proposal) == Verdict.ALONE


def test_second_person_is_needed_to_go_back(as_editor, publisher, two_people):
    retitle()
    publish_content(by=None)
    as_editor.post("/admin/publications/1/", {"reason": "戻す"})
    assert title_shown() == "オンライン予約"
    approve_proposal(proposal=Proposal.objects.get(), by=publisher)
    assert title_shown() == "ネット予約"


def test_action_itself_refuses_one_person(editor, two_people):
    retitle()
    with pytest.raises(SecondPersonNeeded):
        publish_content(by=editor)
    with pytest.raises(SecondPersonNeeded):
        approve_proposal(proposal=propose_publication(by=editor), by=editor)


# --- At the same time ------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_approved_by_two_at_the_same_moment_it_is_published_once(world):
    from django.contrib.auth.models import Group

    people = [make_user(f"publisher{number}", is_staff=True) for number in range(4)]
    for person in people:
        person.groups.set(Group.objects.filter(name__in=["editors", "publishers"]))
    retitle()
    proposal = propose_publication(by=people[0])

    def approve(person):
        try:
            approve_proposal(proposal=proposal, by=person)
            return "published"
        except NoLongerOpen:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        found = sorted(threads.map(approve, people))
    assert found == ["published", "refused", "refused", "refused"]
    assert Publication.objects.count() == 2


# --- Going back ------------------------------------------------------------------------------------------------------


def test_going_back_shows_what_would_change_and_publishes_the_old_state_again(as_editor, editor):
    retitle()
    publish_content(by=editor)
    assert "/admin/publications/1/" in [
        link["href"] for link in read(as_editor.get("/admin/disclosures/publication/")).all("a")
    ]
    page = read(as_editor.get("/admin/publications/1/"))
    assert (page.one("ins").text, page.one("del").text) == ("ネット", "オンライン")
    assert page.one("input", name="reason")["value"] == "公開版1に戻す"
    as_editor.post("/admin/publications/1/", {"reason": "公開版1に戻す"})
    newest = Publication.objects.newest()
    assert (newest.number, newest.reason, newest.published_by, title_shown()) == (
        3,
        "公開版1に戻す",
        editor,
        "ネット予約",
    )
    # What was rolled back does not return with the next publication.
    assert Scenario.objects.get(code="online-booking").title == "ネット予約"


def test_newest_publication_needs_no_way_back(as_editor):
    assert read(as_editor.get("/admin/publications/1/")).all("form", cls="desk-form") == []
    as_editor.post("/admin/publications/1/", {"reason": "x"})
    assert Publication.objects.count() == 1


def test_pages_of_publishing_cost_the_same_for_many_proposals(as_publisher, writer, django_assert_max_num_queries):
    def propose(count):
        for number in range(count):
            retitle(f"題{Proposal.objects.count()}-{number}")
            propose_publication(by=writer)

    propose(1)
    with django_assert_max_num_queries(60) as few:
        as_publisher.get("/admin/proposals/")
    propose(10)
    with django_assert_max_num_queries(len(few)):
        assert len(read(as_publisher.get("/admin/proposals/")).one("tbody").all("tr")) == 11
