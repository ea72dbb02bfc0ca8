"""Whom a browser's request is counted for."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from privacycenter.errors import TooManyCalls
from privacycenter.rate_limits.limits import RateLimit
from privacycenter.rate_limits.visitors import client_address, counted_if_done, mailbox_of, spend_as_visitor, try_again

pytestmark = pytest.mark.django_db

LIMIT = RateLimit("few", 2, seconds=600)
OFFICE, HOME = "10.1.2.3", "8.8.8.8"


@pytest.fixture
def posted(rf):
    """A POST of a person or a stranger; ``session``: of an earlier one."""

    def make(person=None, address=OFFICE, session=None):
        request = rf.post("/", REMOTE_ADDR=address)
        request.user, request.session = person or AnonymousUser(), session or SessionStore()
        return request

    return make


def test_person_is_counted_whatever_the_address(posted, hanako, taro):
    for address in (OFFICE, HOME):
        spend_as_visitor(LIMIT, posted(hanako, address))
    with pytest.raises(TooManyCalls):
        spend_as_visitor(LIMIT, posted(hanako, "9.9.9.9"))
    assert spend_as_visitor(LIMIT, posted(taro)).left == 1


def test_browser_is_counted_whatever_the_address(posted):
    request = posted()
    spend_as_visitor(LIMIT, request)
    spend_as_visitor(LIMIT, posted(address=HOME, session=request.session))
    with pytest.raises(TooManyCalls):
        spend_as_visitor(LIMIT, posted(address="9.9.9.9", session=request.session))


def test_address_of_the_internet_is_counted_whatever_the_browser(posted):
    for _ in range(2):
        spend_as_visitor(LIMIT, posted(address=HOME))
    with pytest.raises(TooManyCalls):
        spend_as_visitor(LIMIT, posted(address=HOME))


def test_address_that_many_share_is_allowed_more(posted):
    for _ in range(120):
        spend_as_visitor(LIMIT, posted(address=OFFICE))
    with pytest.raises(TooManyCalls):
        spend_as_visitor(LIMIT, posted(address=OFFICE))


def test_key_is_counted_whoever_comes(posted, hanako):
    spend_as_visitor(LIMIT, posted(hanako), "PC-1")
    spend_as_visitor(LIMIT, posted(), "PC-1")
    with pytest.raises(TooManyCalls):
        spend_as_visitor(LIMIT, posted(), "PC-1")
    assert spend_as_visitor(LIMIT, posted(), "PC-2").left == 1


def test_stranger_who_is_refused_gets_no_session(posted):
    for _ in range(2):
        spend_as_visitor(LIMIT, posted(address=HOME))
    before = Session.objects.count()
    with pytest.raises(TooManyCalls):
        spend_as_visitor(LIMIT, posted(address=HOME))
    assert Session.objects.count() == before


def test_browser_that_is_refused_uses_up_nothing_of_its_address(posted):
    request = posted(address=HOME)
    spend_as_visitor(LIMIT, request, "a")
    spend_as_visitor(LIMIT, posted(address="9.9.9.9", session=request.session))
    for _ in range(3):
        with pytest.raises(TooManyCalls):
            spend_as_visitor(LIMIT, posted(address=HOME, session=request.session), "a")
    assert spend_as_visitor(LIMIT, posted(address=HOME), "a").left == 0


def test_what_was_not_done_is_not_counted(posted, hanako):
    for _ in range(5):
        with pytest.raises(ValueError, match="no"), counted_if_done(LIMIT, posted(hanako)):
            raise ValueError("no")
    with counted_if_done(LIMIT, posted(hanako)) as allowance:
        assert allowance.left == 1


@pytest.mark.parametrize(
    ("given", "counted"),
    [
        ("8.8.8.8", "8.8.8.8"), ("2001:db8:1:2:3::1", "2001:db8:1:2::"), ("2001:db8:1:2:4::9", "2001:db8:1:2::"),
        ("nonsense", ""),
    ],
)  # fmt: skip
def test_address_is_that_of_one_visitor(rf, given, counted):
    assert client_address(rf.get("/", REMOTE_ADDR=given)) == counted


def test_refusal_says_in_how_many_minutes_to_try_again(posted, hanako):
    for _ in range(2):
        spend_as_visitor(LIMIT, posted(hanako))
    with pytest.raises(TooManyCalls) as refused:
        spend_as_visitor(LIMIT, posted(hanako))
    assert try_again(refused.value) == "10分後にもう一度お試しください。"


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [("Vic@Example.com", "vic@example.com"), ("vic+0@example.com", "vic@example.com"), ("vic@example.com",) * 2],
)
def test_addresses_of_one_mailbox_are_counted_together(address, mailbox):
    assert mailbox_of(address) == mailbox
