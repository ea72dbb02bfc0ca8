"""Nobody makes their own second person: whoever may approve since lately waits, and all are told."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from disclosures.accounts.actions import answer_account_change, change_account, make_staff
from disclosures.approvers.actions import notice_approver, notice_approvers
from disclosures.approvers.queries import new_approvers
from disclosures.models import AccountChange, Approver, ProposalApproval
from disclosures.proposals.actions import approve_proposal, propose_publication
from privacycenter.errors import ApproverIsNew
from privacycenter.models import User
from privacycenter.openid.staff_roles import admit_staff
from privacycenter.outbox.working import work_off
from tests.support.content import retitle
from tests.support.html import read
from tests.support.people import client_of, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(hours=24)


@pytest.fixture(autouse=True)
def two_people(settings):
    settings.SECOND_PERSON = True


@pytest.fixture
def proposal(writer):
    retitle()
    return propose_publication(reason="わかりやすく", by=writer)


@pytest.fixture
def as_publisher(publisher):
    return client_of(publisher)


@pytest.fixture
def root(db):
    return make_user("root", is_staff=True, is_superuser=True, email="root@example.jp")


def made_by_command() -> User:
    call_command("createsuperuser", username="puppet", email="puppet@example.jp", interactive=False, stdout=StringIO())
    return User.objects.get(username="puppet")


def admitted() -> User:
    return admit_staff(subject="puppet", name="Puppet", roles={"publishers"})


def given_a_role_aside() -> User:
    puppet = User.objects.create(username="puppet", is_staff=True)
    puppet.groups.set(Group.objects.filter(name="publishers"))
    return puppet


@pytest.mark.parametrize("make", [made_by_command, admitted, given_a_role_aside])
def test_approver_made_without_a_second_person_waits_a_day_from_when_it_is_noticed(make, proposal, time_machine):
    puppet = make()
    for noticed in (lambda: None, notice_approvers):
        noticed()
        with pytest.raises(ApproverIsNew):
            approve_proposal(proposal=proposal, by=puppet)
    assert not ProposalApproval.objects.exists()
    noticed_at = Approver.objects.get(account=puppet).noticed_at
    time_machine.move_to(noticed_at + DAY - timedelta(seconds=1), tick=False)
    notice_approvers()
    with pytest.raises(ApproverIsNew):
        approve_proposal(proposal=proposal, by=puppet)
    time_machine.move_to(noticed_at + DAY, tick=False)
    assert approve_proposal(proposal=proposal, by=puppet)


def test_new_approver_is_told_to_all_who_may_approve_and_stands_over_the_proposals(root, as_publisher, publisher):
    User.objects.filter(pk=publisher.pk).update(email="publisher@example.jp")
    made_by_command()
    assert "puppet" in read(as_publisher.get("/admin/proposals/")).one("main").text
    call_command("work", "--once", stdout=StringIO())
    call_command("work", "--once", stdout=StringIO())
    told = sorted(one.to[0] for one in mail.outbox)
    assert told == ["publisher@example.jp", "puppet@example.jp", "root@example.jp"]
    assert all("puppet" in one.body and "/admin/proposals/" in one.body for one in mail.outbox)
    assert "puppet" in read(as_publisher.get("/admin/proposals/")).one("main").text


def test_refusal_is_said_at_the_desk_and_nothing_is_published(proposal):
    puppet = admitted()
    answer = client_of(puppet).post(f"/admin/proposals/{proposal.pk}/", {"do": "approve"}, follow=True)
    assert "まだ承認できません" in read(answer).text
    assert not ProposalApproval.objects.exists()


def test_approver_whom_two_made_need_not_wait(root, proposal, settings):
    second = make_user("second", is_staff=True, is_superuser=True)
    account = make_staff(
        username="ichiro", display_name="一郎", email="i@example.jp", roles=["publishers"], is_administrator=False,
        reason="異動", by=root,
    )  # fmt: skip
    answer_account_change(proposed=account.account_steps.get(), is_approved=True, reason="確認した", by=second)
    account.refresh_from_db()
    assert new_approvers() == [] and approve_proposal(proposal=proposal, by=account)


def test_new_administrator_approves_no_account_either(root, hanako):
    puppet = made_by_command()
    proposed = change_account(account=hanako, kind=AccountChange.FACTORS_REMOVED, reason="紛失", by=root)
    with pytest.raises(ApproverIsNew):
        answer_account_change(proposed=proposed, is_approved=True, reason="確認した", by=puppet)
    assert hanako.account_steps.count() == 1
    assert answer_account_change(proposed=proposed, is_approved=False, reason="別に確認する", by=puppet)


@pytest.mark.parametrize(
    ("kind", "detail"),
    [(AccountChange.FACTORS_REMOVED, {}),
     (AccountChange.UNBLOCKED, {})],
)  # fmt: skip
def test_approver_into_whose_account_one_alone_could_get_waits_too(
    kind, detail, root, publisher, proposal, settings, time_machine
):
    """Done while nobody needed a second person, it is no way round once one is needed."""
    settings.SECOND_PERSON = False
    change_account(account=publisher, kind=kind, detail=detail, reason="申し出", by=root)
    settings.SECOND_PERSON = True
    assert [one.account for one in new_approvers()] == [publisher]
    with pytest.raises(ApproverIsNew):
        approve_proposal(proposal=proposal, by=publisher)
    time_machine.move_to(timezone.now() + DAY)
    assert new_approvers() == [] and approve_proposal(proposal=proposal, by=publisher)


def test_who_lost_the_right_and_has_it_again_is_new_again(publisher, proposal):
    publisher.groups.clear()
    notice_approvers()
    publisher.groups.set(Group.objects.filter(name="publishers"))
    with pytest.raises(ApproverIsNew):
        approve_proposal(proposal=proposal, by=publisher)
    notice_approvers()
    newest_first = list(publisher.approver_rows.order_by("-pk"))
    assert [(one.is_approver, one.is_known) for one in newest_first] == [(True, False), (False, False), (True, True)]


def test_noticing_twice_writes_once_and_costs_two_statements(root, publisher, django_assert_num_queries):
    admitted()
    notice_approvers()
    count = Approver.objects.count()
    with django_assert_num_queries(2):
        notice_approvers()
    notice_approver(account=root, is_known=False)
    assert Approver.objects.count() == count


def test_nobody_waits_and_no_mail_is_sent_where_no_second_person_is_needed(settings, root, proposal):
    settings.SECOND_PERSON = False
    puppet = made_by_command()
    notice_approvers()
    work_off()
    assert mail.outbox == [] and new_approvers() == []
    assert approve_proposal(proposal=proposal, by=puppet)


def test_list_of_new_approvers_costs_the_same_for_any_number(root, publisher, django_assert_num_queries):
    admitted()
    for noticed in (lambda: None, notice_approvers):
        noticed()
        with django_assert_num_queries(3):
            assert len(new_approvers()) == 1
