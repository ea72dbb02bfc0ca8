"""A recipient put on hold from an incident: at once, with nothing else, and for as long as an officer says."""

import pytest
from django.urls import reverse
from django.utils import timezone

from consents.incidents.actions import open_incident
from consents.incidents.hold_actions import hold_recipient, release_recipient
from consents.incidents.news import incident_news
from disclosures.content.held_copy import held_copy
from disclosures.content.working_copy import working_document
from disclosures.guard_rails.held_at_once import held_at_once
from disclosures.models import (
    IncidentStepKind,
    Proposal,
    ProposalApproval,
    Publication,
    Recipient,
    Scenario,
    Verdict,
)
from disclosures.proposals.actions import (
    approve_proposal,
    propose_publication,
    propose_republication,
    publish_due_proposal,
)
from disclosures.publishing.actions import append_publication, lock_publishing, publish_content, republish
from disclosures.writing.actions import restore_reference, retire_reference
from privacycenter.canonical import sha256_of
from privacycenter.errors import InvalidValue, NoLongerOpen, NotPublishable
from tests.support.clock import clock_at
from tests.support.content import retitle
from tests.support.people import make_user

pytestmark = pytest.mark.django_db

WHY = {"ja": "安全を確認しています。", "en": "We are checking that it is safe."}
INN = "minato-inn"


@pytest.fixture
def incident(officer):
    return open_incident(title="みなと湯宿の漏えい", noticed_at=timezone.now(), by=officer)


@pytest.fixture
def held(incident, officer):
    hold_recipient(incident=incident, recipient=INN, reason=WHY, by=officer)
    return incident


def check(api):
    return api.check(recipient=INN, scenario="online-booking", items=["name"]).json()["reason"]


def newest():
    return Publication.objects.newest()


def test_check_says_no_right_after_and_yes_again_once_it_is_ended(api, incident, officer):
    before = check(api)
    hold_recipient(incident=incident, recipient=INN, reason=WHY, by=officer)
    assert before != check(api) == "recipient_on_hold"
    release_recipient(incident=incident, recipient=INN, note="済み", by=officer)
    assert check(api) == before


def test_hold_publishes_nobodys_unpublished_work(incident, officer):
    retitle("まだ途中の題")
    Recipient.objects.filter(code=INN).update(business="まだ途中")
    before = newest()
    hold_recipient(incident=incident, recipient=INN, reason=WHY, by=officer)
    after = newest()
    entry, was = after.document["recipients"][INN], before.document["recipients"][INN]
    assert entry["on_hold_reason"] == WHY and after.published_by == officer
    assert {name: entry[name] for name in was} == was
    assert after.document == {**before.document, "recipients": {**before.document["recipients"], INN: entry}}
    assert {(change.kind, change.code) for change in held_copy().changes_since(after)} == {
        ("scenarios", "online-booking"), ("recipients", INN),
    }  # fmt: skip


def test_working_copy_has_the_hold_and_then_nothing_waits(held, officer):
    assert held_copy().changes_since(newest()) == []
    row = Recipient.objects.get(code=INN)
    assert row.on_hold_reason == WHY["ja"] and row.on_hold_from == held.steps.get().happened_at.replace(microsecond=0)
    release_recipient(incident=held, recipient=INN, note="済み", by=officer)
    assert held_copy().changes_since(newest()) == [] and held_at_once() == {}


def test_public_page_shows_the_hold_at_once_in_each_language(incident, officer, client):
    assert "見合わせ" not in client.get(f"/recipients/{INN}/").content.decode()
    hold_recipient(incident=incident, recipient=INN, reason=WHY, by=officer)
    for path, reason in ((f"/recipients/{INN}/", WHY["ja"]), (f"/en/recipients/{INN}/", WHY["en"])):
        assert reason in client.get(path).content.decode()


def test_editor_who_publishes_cannot_end_the_hold_by_the_way(held, editor, as_editor):
    Recipient.objects.filter(code=INN).update(on_hold_from=None, on_hold_reason="", i18n={})
    with pytest.raises(NotPublishable, match="minato-inn on_hold_from"):
        publish_content(by=editor)
    assert held_at_once()[INN].incident == held.pk
    page = as_editor.get("/admin/pending/")
    assert "プライバシー担当者" in page.content.decode()


def without_hold():
    Recipient.objects.filter(code=INN).update(on_hold_from=None, on_hold_until=None, on_hold_reason="", i18n={})


def test_editor_cannot_end_the_hold_of_a_retired_recipient_and_roll_back(held, editor, api):
    retire_reference(row=Recipient.objects.get(code=INN), by=editor)
    without_hold()
    with pytest.raises(NotPublishable, match="minato-inn on_hold_from"):
        publish_content(by=editor)
    # As it could be published before retired ones were looked at.
    document = working_document()
    Publication.objects.create(
        number=newest().number + 1, document=document, sha256=sha256_of(document), published_at=timezone.now()
    )
    republish(publication=Publication.objects.get(number=1), by=editor)
    restore_reference(row=Recipient.objects.get(code=INN), by=editor)
    assert newest().document["recipients"][INN]["on_hold_reason"] == WHY
    assert check(api) == "recipient_on_hold"


def test_document_that_ends_the_hold_is_published_by_nothing(held, officer):
    first, number = Publication.objects.get(number=1), newest().number
    with pytest.raises(RuntimeError, match="minato-inn on_hold_from"):
        append_publication(first.document, first.sha256, lock_publishing(), officer, "")
    assert newest().number == number
    release_recipient(incident=held, recipient=INN, note="済み", by=officer)
    append_publication(first.document, first.sha256, lock_publishing(), officer, "")


def test_rolling_back_over_a_publication_without_the_recipient_keeps_the_hold(held, editor, api, officer):
    first = Publication.objects.get(number=1)
    held_entry = newest().document["recipients"][INN]
    recipients = {code: entry for code, entry in first.document["recipients"].items() if code != INN}
    of_before = {**first.document, "recipients": recipients}
    before = append_publication(of_before, sha256_of(of_before), lock_publishing(), None, "")
    republish(publication=first, by=editor)
    assert newest().document["recipients"][INN] == held_entry and check(api) == "recipient_on_hold"
    republish(publication=before, by=editor)
    assert INN not in newest().document["recipients"]
    republish(publication=first, by=editor)
    release_recipient(incident=held, recipient=INN, note="済み", by=officer)
    assert newest().document == first.document and held_at_once() == {}


def test_proposal_that_would_end_the_hold_is_not_published(held, editor, settings):
    first = Publication.objects.get(number=1)
    settings.SECOND_PERSON = True
    retitle("別の題")
    proposal = propose_publication(by=editor)
    retired = {**first.document["recipients"][INN], "retired": True}
    document = {**first.document, "recipients": {**first.document["recipients"], INN: retired}}
    of_before = Proposal.objects.create(
        document=document, sha256=sha256_of(document), base_number=newest().number, publish_at=timezone.now(),
        proposed_at=timezone.now(), proposed_by=editor,
    )  # fmt: skip
    second = make_user("two", is_staff=True, groups=("publishers",))
    with pytest.raises(NoLongerOpen, match="hold"):
        approve_proposal(proposal=of_before, by=second)
    ProposalApproval.objects.create(proposal=of_before, approved_at=timezone.now(), approved_by=second)
    assert publish_due_proposal(proposal=of_before) is None
    assert of_before.outcome.verdict == Verdict.OUTDATED
    assert approve_proposal(proposal=proposal, by=second).document["recipients"][INN]["on_hold_reason"] == WHY


def test_officer_ends_the_hold_of_a_recipient_that_was_retired_meanwhile(held, editor, officer):
    retire_reference(row=Recipient.objects.get(code=INN), by=editor)
    publish_content(by=editor)
    with pytest.raises(InvalidValue, match="No recipient"):
        hold_recipient(incident=held, recipient=INN, reason=WHY, by=officer)
    release_recipient(incident=held, recipient=INN, note="済み", by=officer)
    assert "on_hold_from" not in newest().document["recipients"][INN] and held_at_once() == {}


def test_officer_takes_over_an_open_hold_of_an_editor_which_no_editor_ends_then(incident, officer, editor):
    Recipient.objects.filter(code=INN).update(on_hold_from=timezone.now(), on_hold_reason="改装中")
    publish_content(by=editor)
    hold_recipient(incident=incident, recipient=INN, reason=WHY, by=officer)
    assert newest().document["recipients"][INN]["on_hold_reason"] == WHY
    with pytest.raises(InvalidValue, match="already"):
        hold_recipient(incident=incident, recipient=INN, reason=WHY, by=officer)
    without_hold()
    with pytest.raises(NotPublishable):
        publish_content(by=editor)


def test_rolling_back_keeps_the_hold(held, editor, settings):
    first = Publication.objects.get(number=1)
    retitle("別の題")
    publish_content(by=editor)
    republish(publication=first, by=editor)
    assert newest().document["recipients"][INN]["on_hold_reason"] == WHY
    assert newest().document["scenarios"] == first.document["scenarios"]
    retitle("また別の題")
    publish_content(by=editor)
    settings.SECOND_PERSON = True
    propose_republication(publication=first, by=editor)
    approve_proposal(proposal=Proposal.objects.get(), by=make_user("two", is_staff=True, groups=("publishers",)))
    assert newest().document["recipients"][INN]["on_hold_reason"] == WHY
    # What was rolled back does not return with the next publication.
    assert Scenario.objects.get(code="online-booking").title == "ネット予約"


def test_officer_alone_sets_it_and_another_ends_it_where_nobody_publishes_alone(incident, officer, settings):
    settings.SECOND_PERSON = True
    hold_recipient(incident=incident, recipient=INN, reason=WHY, by=officer)
    other = make_user("other", is_staff=True, groups=("officers",))
    release_recipient(incident=incident, recipient=INN, note="済み", by=other)
    kinds = [step.step for step in incident.steps.all()]
    assert kinds == [IncidentStepKind.HELD, IncidentStepKind.RELEASED]


def test_editors_are_told(held):
    now = timezone.now()
    news = [one for one in incident_news(held.opened_at, now) if one.permission == "disclosures.view_recipient"]
    assert [INN in one.text and bool(reverse(one.page)) for one in news] == [True]


def test_officer_holds_and_releases_at_the_desk(as_officer, incident):
    path = f"/admin/incidents/{incident.pk}/"
    sent = {"what": "hold", "hold-recipient": INN, "hold-reason_ja": WHY["ja"], "hold-reason_en": ""}
    assert as_officer.post(path, {**sent, "hold-reason_ja": ""}).status_code == 422
    assert as_officer.post(path, {**sent, "hold-recipient": "nowhere"}).status_code == 422
    assert as_officer.post(path, sent).status_code == 302
    assert as_officer.post(path, sent).status_code == 422
    assert f"/recipients/{INN}/" in as_officer.get(path).content.decode()
    assert INN in as_officer.get(f"{path}report.txt").content.decode()
    assert as_officer.post(path, {"what": "release", "release-recipient": INN}).status_code == 422
    ended = {"what": "release", "release-recipient": INN, "release-note": "済み"}
    assert as_officer.post(path, ended).status_code == 302
    assert as_officer.post(path, ended).status_code == 409


def test_who_froze_is_told_that_another_has_to_end_it(as_officer, held, settings):
    settings.SECOND_PERSON = True
    sent = {"what": "release", "release-recipient": INN, "release-note": "済み"}
    assert as_officer.post(f"/admin/incidents/{held.pk}/", sent).status_code == 403
    assert held_at_once()[INN].incident == held.pk


def test_who_may_take_steps_but_not_hold_recipients_is_refused(as_officer, officer, incident):
    officer.groups.get().permissions.filter(codename="hold_recipient").delete()
    for what in ("hold", "release"):
        sent = {
            "what": what,
            "hold-recipient": INN,
            "hold-reason_ja": "x",
            "release-recipient": INN,
            "release-note": "x",
        }
        assert as_officer.post(f"/admin/incidents/{incident.pk}/", sent).status_code == 403
    assert not incident.steps.exists()


def test_hold_with_an_end_is_replaced(incident, officer, editor):
    now = timezone.now()
    Recipient.objects.filter(code=INN).update(
        on_hold_from=now, on_hold_until=now + timezone.timedelta(days=3), on_hold_reason="改装中"
    )
    publish_content(by=editor)
    with clock_at(now + timezone.timedelta(days=1)):
        hold_recipient(incident=incident, recipient=INN, reason=WHY, by=officer)
    assert "on_hold_until" not in newest().document["recipients"][INN]
