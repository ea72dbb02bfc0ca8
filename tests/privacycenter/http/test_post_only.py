"""Addresses that only take forms: what becomes of who comes there without one, or without being logged in any more."""

import pytest
from django.test import Client
from django.utils.translation import override

from tests.support.asking import answer
from tests.support.html import read
from tests.support.people import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def posted_to(disclosure, decision):
    """Each address that only takes a form, and the page that carries the form."""
    return {
        f"/my/requests/{decision.request_id}/decisions/": f"/my/requests/{decision.request_id}/",
        f"/my/decisions/{decision.id}/withdrawals/": f"/my/decisions/{decision.id}/",
        f"/my/decisions/{decision.id}/undoings/": f"/my/decisions/{decision.id}/",
        "/my/rules/versions/": "/my/rules/",
        "/my/notices/readings/": "/my/notices/",
        "/my/recipients/minato-inn/visibility/": "/my/recipients/minato-inn/",
        "/my/settings/sessions/1/ends/": "/my/settings/log-in/",
        "/my/settings/other-sessions/ends/": "/my/settings/log-in/",
    }


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_address_of_a_form_leads_to_its_page(as_hanako, posted_to, prefix):
    for address, page in posted_to.items():
        response = as_hanako.get(f"{prefix}{address}", follow=True)
        assert response.redirect_chain == [(f"{prefix}{page}", 302)]
        assert response.status_code == 200


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_form_sent_after_the_log_in_ran_out_leads_back_to_its_page(hanako, posted_to, prefix):
    for address, page in posted_to.items():
        client = Client()
        asked = client.post(f"{prefix}{address}", {"answer": "allow"}, follow=True)
        assert asked.redirect_chain == [(f"{prefix}/accounts/login/?next={prefix}{page}", 302)]
        back = client.post(f"{prefix}/accounts/login/", log_in(asked), follow=True)
        assert back.redirect_chain[-1] == (f"{prefix}{page}", 302)
        assert back.status_code == 200


def log_in(page) -> dict[str, str]:
    """The form of the log-in page, filled in."""
    return {"login": "hanako", "password": PASSWORD, "next": read(page).all("input", name="next")[0]["value"]}


def test_answer_sent_after_the_log_in_ran_out_is_not_recorded_and_says_so(hanako, open_request):
    asked = Client().post(
        f"/my/requests/{open_request.id}/decisions/", {"answer": "allow", "allowed": ["name"]}, follow=True
    )
    assert "回答" in read(asked).one(cls="messages").text
    assert hanako.decisions.count() == 0


@pytest.mark.parametrize(("prefix", "other"), [("", "/en"), ("/en", "")])
def test_answer_with_errors_is_the_page_of_the_request_in_the_other_language(as_hanako, open_request, prefix, other):
    response = as_hanako.post(f"{prefix}/my/requests/{open_request.id}/decisions/", {"answer": "allow"})
    assert response.status_code in (409, 422)
    assert languages(response) >= {f"{other}/my/requests/{open_request.id}/"}


def test_answer_that_comes_too_late_is_the_page_of_the_request_in_the_other_language(as_hanako, hanako, open_request):
    answer(hanako, open_request, "name")
    response = as_hanako.post(f"/my/requests/{open_request.id}/decisions/", {"answer": "refuse"})
    assert response.status_code == 409
    assert f"/en/my/requests/{open_request.id}/" in languages(response)


def languages(response) -> set[str]:
    with override(None):
        return {link["href"] for link in read(response).all("a") if link["hreflang"]}


# --- What the address holds ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    ["/my/disclosures/?recipient=minato-inn", "/my/recipients/?on=2026-11-02", "/my/export/?service=jalan",
     "/my/rules/preview/?about=all%3A&setting=refuse"],
)  # fmt: skip
def test_state_of_a_page_stays_when_the_language_changes(hanako, disclosure, address):
    client = Client()
    client.post("/accounts/login/", {"login": "hanako", "password": PASSWORD})
    assert f"/en{address}" in languages(client.get(address))


def test_log_in_page_stays_on_its_way_when_the_language_changes(client):
    assert "/en/accounts/login/?next=/my/export/" in languages(client.get("/accounts/login/?next=/my/export/"))


def test_public_page_is_the_same_in_another_language_whatever_was_asked(client):
    assert "/en/faq/" in languages(client.get("/faq/?recipient=minato-inn"))
