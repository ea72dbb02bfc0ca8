"""Accounts at the administrators' desk: nobody takes one over, and its owner is told of whatever was done to it."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client

from disclosures.accounts import actions
from disclosures.accounts.actions import change_account
from disclosures.models import AccountChange, AccountStage
from privacycenter.models import User
from privacycenter.outbox.working import work_off
from tests.support.html import read
from tests.support.people import PASSWORD, client_of, make_user

pytestmark = pytest.mark.django_db

ACCOUNTS, REASON = "/admin/accounts/", "本人から申し出があったため"
NEW = {
    "username": "ichiro", "display_name": "鈴木一郎", "email": "ichiro@example.jp", "roles": ["officers"], "reason": REASON,
}  # fmt: skip


@pytest.fixture
def administrator(db) -> User:
    return make_user("root", is_staff=True, is_superuser=True)


@pytest.fixture
def as_administrator(administrator) -> Client:
    return client_of(administrator)


@pytest.fixture
def as_second(db) -> Client:
    return client_of(make_user("second", is_staff=True, is_superuser=True))


@pytest.fixture
def hers(hanako) -> User:
    """hanako has an address, a second factor, and is logged in."""
    User.objects.filter(pk=hanako.pk).update(email="hanako@example.jp")
    EmailAddress.objects.create(user=hanako, email="hanako@example.jp", primary=True, verified=True)
    Authenticator.objects.create(user=hanako, type=Authenticator.Type.TOTP, data={"secret": "x"})
    hanako.refresh_from_db()
    return hanako


def look_up(client, person):
    client.post("/admin/records/", {"who": person.subject, "scope": "whole", "reason": REASON})
    return f"{ACCOUNTS}{person.pk}/"


def do(client, account, kind, **more):
    return client.post(f"{ACCOUNTS}{account.pk}/", {"kind": kind.value, "reason": REASON, **more})


def test_a_persons_account_opens_with_a_reason_alone_and_is_logged(as_administrator, hanako):
    assert as_administrator.get(f"{ACCOUNTS}{hanako.pk}/")["Location"] == "/admin/records/"
    page = as_administrator.get(look_up(as_administrator, hanako))
    assert hanako.subject in read(page).text
    assert [(one.what, one.reason) for one in hanako.record_accesses.order_by("id")] == [
        ("lookup", REASON), ("account", REASON),
    ]  # fmt: skip


def test_accounts_are_for_administrators(as_officer, as_editor, officer, hanako):
    for client in (as_officer, as_editor):
        assert client.get(ACCOUNTS).status_code == 403
        for path in (f"{ACCOUNTS}new/", f"{ACCOUNTS}{officer.pk}/", f"{ACCOUNTS}{hanako.pk}/"):
            assert client.get(path).status_code == client.post(path, NEW).status_code == 403
    assert not User.objects.filter(username="ichiro").exists()


def test_persons_address_roles_and_password_cannot_be_changed_from_the_desk(as_administrator, hers):
    form = read(as_administrator.get(look_up(as_administrator, hers))).text
    assert "パスワードを決めるメール" not in form and "新しいメールアドレス" not in form
    for kind in (AccountChange.ADDRESS_CHANGED, AccountChange.ROLES_CHANGED, AccountChange.RESET_SENT):
        answer = do(as_administrator, hers, kind, email="mine@example.jp", roles=["officers"], password="x" * 12)
        assert answer.status_code == 422
    before = hers.password
    hers.refresh_from_db()
    assert (hers.email, hers.is_staff, hers.password) == ("hanako@example.jp", False, before)
    assert not hers.groups.exists() and not hers.account_steps.exists()


def test_owner_is_told_of_a_change_by_mail_and_on_their_page(as_administrator, hers):
    as_hers = Client()
    as_hers.post("/accounts/login/", {"login": "hanako", "password": PASSWORD})
    look_up(as_administrator, hers)
    assert do(as_administrator, hers, AccountChange.FACTORS_REMOVED).status_code == 302
    work_off()
    assert not Authenticator.objects.filter(user=hers).exists()
    assert [one.to for one in mail.outbox] == [["hanako@example.jp"]] and REASON not in mail.outbox[0].body
    shown = read(client_of(hers).get("/my/accesses/")).one("main").text
    assert REASON in shown and "パスキーと2段階認証を削除" in shown


def test_whoever_is_logged_in_is_out_after_a_block(as_administrator, hers):
    User.objects.filter(pk=hers.pk).update(email="")
    Authenticator.objects.all().delete()
    browser = Client()
    browser.post("/accounts/login/", {"login": "hanako", "password": PASSWORD})
    assert browser.get("/my/").status_code == 200 and UserSession.objects.filter(user=hers).exists()
    look_up(as_administrator, hers)
    do(as_administrator, hers, AccountChange.BLOCKED)
    assert browser.get("/my/").status_code == 302 and not UserSession.objects.filter(user=hers).exists()
    do(as_administrator, hers, AccountChange.UNBLOCKED)
    hers.refresh_from_db()
    assert hers.is_active


def test_second_factor_goes_only_with_a_second_person_where_that_is_set(
    settings, as_administrator, as_second, hers, administrator
):
    settings.SECOND_PERSON = True
    look_up(as_administrator, hers)
    do(as_administrator, hers, AccountChange.FACTORS_REMOVED)
    proposed = hers.account_steps.get()
    assert proposed.stage == AccountStage.PROPOSED and Authenticator.objects.filter(user=hers).exists()
    work_off()
    assert len(mail.outbox) == 1
    page = f"{ACCOUNTS}{hers.pk}/changes/{proposed.id}/"
    assert hers.subject not in as_second.get(ACCOUNTS).content.decode()
    assert page in as_second.get(ACCOUNTS).content.decode()
    answer = {"answer": "approve", "reason": "確認した"}
    assert as_administrator.post(page, answer).status_code == 422
    assert Authenticator.objects.filter(user=hers).exists()
    assert as_second.post(page, answer).status_code == 302
    assert not Authenticator.objects.filter(user=hers).exists()
    assert as_second.post(page, answer).status_code == 422
    assert [one.stage for one in hers.account_steps.order_by("id")] == [AccountStage.PROPOSED, AccountStage.DONE]


def test_staff_account_is_made_without_a_password_which_its_owner_chooses_by_mail(as_administrator):
    assert as_administrator.post(f"{ACCOUNTS}new/", NEW).status_code == 302
    made = User.objects.get(username="ichiro")
    assert made.is_staff and made.is_active and not made.has_usable_password()
    assert [group.name for group in made.groups.all()] == ["officers"] and not made.is_superuser
    link = re.search(r"https?://[^/]+(/\S+)", next(one.body for one in mail.outbox if one.to == [NEW["email"]]))
    browser = Client()
    page = browser.get(link[1], follow=True)
    chosen = {"password1": "a long password of mine", "password2": "a long password of mine"}
    browser.post(page.redirect_chain[-1][0], chosen)
    made.refresh_from_db()
    assert made.check_password("a long password of mine")
    address = EmailAddress.objects.get(user=made)
    assert (address.email, address.verified, address.primary) == (NEW["email"], True, True)
    assert browser.get("/accounts/2fa/totp/activate/").status_code == 200


def test_link_of_an_account_with_two_addresses_proves_neither(as_administrator):
    as_administrator.post(f"{ACCOUNTS}new/", NEW)
    made = User.objects.get(username="ichiro")
    EmailAddress.objects.create(user=made, email="other@example.jp")
    mail.outbox.clear()
    do(as_administrator, made, AccountChange.RESET_SENT)
    link = re.search(r"https?://[^/]+(/\S+)", next(one.body for one in mail.outbox if one.to == [NEW["email"]]))
    browser = Client()
    page = browser.get(link[1], follow=True)
    chosen = {"password1": "a long password of mine", "password2": "a long password of mine"}
    browser.post(page.redirect_chain[-1][0], chosen)
    made.refresh_from_db()
    assert made.check_password("a long password of mine")
    assert not EmailAddress.objects.filter(user=made, verified=True).exists()


def test_staff_account_that_needs_a_second_person_can_do_nothing_before(settings, as_administrator, as_second):
    settings.SECOND_PERSON = True
    as_administrator.post(f"{ACCOUNTS}new/", {**NEW, "is_administrator": "on"})
    made = User.objects.get(username="ichiro")
    assert (made.is_active, made.is_superuser, made.groups.exists()) == (False, False, False)
    assert not [one for one in mail.outbox if one.to == [NEW["email"]]]
    page = f"{ACCOUNTS}{made.pk}/changes/{made.account_steps.get().id}/"
    assert as_second.post(page, {"answer": "approve", "reason": "確認した"}).status_code == 302
    made.refresh_from_db()
    assert (made.is_active, made.is_superuser, made.groups.exists()) == (True, True, True)
    assert [one for one in mail.outbox if one.to == [NEW["email"]]]


def test_taken_user_name_and_missing_reason_make_nothing(as_administrator, hanako):
    for wrong in ({"username": "HANAKO"}, {"reason": ""}, {"email": "nobody"}, {"roles": ["root"]}):
        assert as_administrator.post(f"{ACCOUNTS}new/", {**NEW, **wrong}).status_code == 422
    assert not User.objects.filter(display_name="鈴木一郎").exists()


@pytest.fixture
def reachable(officer) -> User:
    User.objects.filter(pk=officer.pk).update(email="old@example.jp")
    Authenticator.objects.create(user=officer, type=Authenticator.Type.TOTP, data={"secret": "x"})
    officer.refresh_from_db()
    return officer


def propose_address(client, account) -> str:
    """Return the page of the proposal."""
    assert do(client, account, AccountChange.ADDRESS_CHANGED, email="new@example.jp").status_code == 302
    return f"{ACCOUNTS}{account.pk}/changes/{account.account_steps.latest('id').id}/"


APPROVAL = {"answer": "approve", "reason": "確認した"}


def told() -> list[str]:
    """Return the addresses that mails went to since the last call."""
    work_off()
    addresses = sorted(one.to[0] for one in mail.outbox)
    mail.outbox.clear()
    return addresses


def test_one_administrator_alone_takes_over_no_account(settings, as_administrator, reachable):
    settings.SECOND_PERSON = False
    propose_address(as_administrator, reachable)
    do(as_administrator, reachable, AccountChange.FACTORS_REMOVED)
    do(as_administrator, reachable, AccountChange.RESET_SENT)
    Client().post("/accounts/password/reset/", {"email": "new@example.jp"})
    reachable.refresh_from_db()
    assert reachable.email == "old@example.jp"
    body = "".join(one.body for one in mail.outbox if one.to == ["new@example.jp"])
    assert "/password/reset/key/" not in body


def test_administrator_does_not_approve_by_an_account_that_they_made(
    settings, as_administrator, reachable, monkeypatch
):
    settings.SECOND_PERSON = False
    as_administrator.post(f"{ACCOUNTS}new/", {**NEW, "is_administrator": "on"})
    puppet = User.objects.get(username="ichiro")
    page = propose_address(as_administrator, reachable)
    assert client_of(puppet).post(page, APPROVAL).status_code == 422
    reachable.refresh_from_db()
    assert reachable.email == "old@example.jp"
    monkeypatch.setattr(actions, "RIGHTS_ARE_NEW", timedelta())
    assert client_of(puppet).post(page, APPROVAL).status_code == 302


def test_staff_address_is_changed_by_two_and_the_old_one_is_told_for_30_days(
    as_administrator, as_second, reachable, monkeypatch
):
    page = propose_address(as_administrator, reachable)
    assert told() == ["old@example.jp"]
    assert as_second.post(page, APPROVAL).status_code == 302
    assert told() == ["old@example.jp"]
    reachable.refresh_from_db()
    assert reachable.email == "new@example.jp"
    do(as_administrator, reachable, AccountChange.FACTORS_REMOVED)
    assert told() == ["new@example.jp", "old@example.jp"]
    monkeypatch.setattr(actions, "FORMER_ADDRESS_TOLD", timedelta())
    do(as_administrator, reachable, AccountChange.SESSIONS_ENDED)
    assert told() == ["new@example.jp"]


def test_no_mail_to_choose_a_password_before_the_account_is_approved(settings, as_administrator):
    settings.SECOND_PERSON = True
    as_administrator.post(f"{ACCOUNTS}new/", NEW)
    made = User.objects.get(username="ichiro")
    told()
    assert do(as_administrator, made, AccountChange.RESET_SENT).status_code == 422
    assert told() == [] and made.account_steps.count() == 1


def test_nobody_changes_their_own_account_at_the_desk(as_administrator, administrator):
    answer = do(as_administrator, administrator, AccountChange.ROLES_CHANGED, roles=[], is_administrator="on")
    assert answer.status_code == 422 and not administrator.account_steps.exists()


def test_own_password_is_changed_on_the_sites_page(as_administrator):
    assert as_administrator.get("/admin/password_change/")["Location"] == "/accounts/password/change/"


def test_blocked_approver_is_let_in_again_by_two_where_that_is_set(settings, administrator, publisher):
    """One who proposes a publication could otherwise bring an approver's account back, and use it."""
    settings.SECOND_PERSON = True
    publisher.is_active = False
    publisher.save()
    change_account(account=publisher, kind=AccountChange.UNBLOCKED, reason="戻りました", by=administrator)
    publisher.refresh_from_db()
    assert not publisher.is_active
