"""Webhooks at the desk: what officers see of them and can do; nobody else, and no person is named."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from standardwebhooks import Webhook

from consents.models import DeliveryState, WebhookDelivery, WebhookEndpoint, WebhookSecret
from consents.webhooks.actions import create_webhook
from consents.webhooks.delivery_actions import send_ping
from consents.webhooks.messages import active_secrets
from consents.webhooks.queries import REASON_WORDS
from privacycenter.outbox.working import work_off
from tests.support.html import read

pytestmark = pytest.mark.django_db

LIST = "/admin/consents/webhookendpoint/"


def address(endpoint, part=""):
    return f"{LIST}{endpoint.pk}/{part}"


def test_list_without_a_webhook_says_how_to_make_one(as_officer):
    assert "create_webhook" in read(as_officer.get(LIST)).text


def test_list_says_how_each_fares(as_officer, endpoint, server, decision):
    server.answers = [500]
    work_off()
    row = read(as_officer.get(LIST)).one("tbody").one("tr")
    assert "じゃらんnet予約システム" in row.text and "失敗" in row.text


@pytest.mark.parametrize(("answer", "is_told"), [({"Retry-After": "600"}, True), ({}, False)])
def test_list_says_that_an_endpoint_rests(as_officer, endpoint, server, decision, answer, is_told):
    server.answers, server.headers = [503], answer
    work_off()
    assert ("まで休止" in read(as_officer.get(LIST)).one("tbody").text) is is_told


def test_list_costs_the_same_for_many(as_officer, endpoint, reporter, django_assert_max_num_queries):
    with django_assert_max_num_queries(42) as few:
        as_officer.get(LIST)
    for number in range(20):
        create_webhook(reporter=reporter, url=f"https://hooks.example/{number}", by=None)
    with django_assert_max_num_queries(len(few)):
        as_officer.get(LIST)


def test_page_costs_the_same_for_many_deliveries(as_officer, endpoint, django_assert_max_num_queries):
    send_ping(endpoint=endpoint, by=None)
    with django_assert_max_num_queries(42) as few:
        as_officer.get(address(endpoint))
    for _number in range(60):
        send_ping(endpoint=endpoint, by=None)
    with django_assert_max_num_queries(len(few)):
        page = read(as_officer.get(address(endpoint)))
    assert len(page.one("table", cls="desk-table").one("tbody").all("tr")) == 50 and page.one("a", rel="next")


def test_page_shows_what_arrived_and_names_no_person(as_officer, endpoint, hanako, decision):
    work_off()
    page = read(as_officer.get(address(endpoint)))
    assert "decision.made" in page.one("table", cls="desk-table").text
    delivery = as_officer.get(f"{LIST}deliveries/{WebhookDelivery.objects.get().pk}/")
    assert "200" in read(delivery).one("table", cls="desk-table").text
    assert hanako.subject not in page.text + read(delivery).text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("state=held", 0),
        ("state=delivered", 1),
        ("event_type=ping", 0),
        ("event_type=decision.made", 1),
        ("state=no", 1),
    ],
)
def test_deliveries_are_narrowed(as_officer, endpoint, decision, query, shown):
    work_off()
    tables = read(as_officer.get(f"{address(endpoint)}?{query}")).all("table", cls="desk-table")
    assert len(tables[0].one("tbody").all("tr") if tables else []) == shown


def test_new_secret_is_shown_once_and_signs_at_once(as_officer, endpoint):
    answer = as_officer.post(address(endpoint, "secrets/"), {"overlap": "24"})
    secret = read(answer).one("code", cls="desk-secret").text
    assert secret == active_secrets(endpoint)[0] and "no-store" in answer["Cache-Control"]
    assert secret not in read(as_officer.get(address(endpoint))).text
    assert len(active_secrets(endpoint)) == 2


def test_secret_with_an_overlap_that_is_not_offered_is_refused(as_officer, endpoint):
    assert as_officer.post(address(endpoint, "secrets/"), {"overlap": "9000"}).status_code == 422
    assert WebhookSecret.objects.count() == 1


def test_sixth_secret_at_once_is_refused(as_officer, endpoint):
    answers = [as_officer.post(address(endpoint, "secrets/"), {"overlap": "24"}).status_code for _number in range(5)]
    assert answers == [200] * 4 + [422]


def test_endpoint_is_disabled_and_enabled_and_who_did_it_is_shown(as_officer, endpoint):
    as_officer.post(address(endpoint, "state/"), {"state": "disabled"})
    assert not WebhookEndpoint.objects.get().is_enabled
    as_officer.post(address(endpoint, "state/"), {"state": "enabled"})
    assert WebhookEndpoint.objects.get().is_enabled
    changes = read(as_officer.get(address(endpoint))).all("section")[-1].text
    assert "停止" in changes and "再開" in changes and "officer" in changes


def test_what_is_so_already_is_told(as_officer, endpoint):
    page = read(as_officer.post(address(endpoint, "state/"), {"state": "enabled"}, follow=True))
    assert page.one("ul", cls="messagelist").one("li", cls="warning")


def test_test_event_is_sent(as_officer, endpoint, server):
    as_officer.post(address(endpoint, "pings/"))
    work_off()
    message = Webhook(active_secrets(endpoint)[0]).verify(server.requests[0].body, server.requests[0].headers)
    assert message["type"] == "ping"


def test_one_delivery_is_sent_again(as_officer, endpoint, server, decision):
    work_off()
    as_officer.post(f"{LIST}deliveries/{WebhookDelivery.objects.get().pk}/redeliveries/")
    work_off()
    assert len(server.requests) == 2


def test_all_that_did_not_arrive_is_sent_again(as_officer, endpoint, server, decision):
    work_off()
    WebhookDelivery.objects.update(state=DeliveryState.GIVEN_UP)
    since = timezone.localtime() - timedelta(hours=1)
    as_officer.post(address(endpoint, "redeliveries/"), {"since": since.strftime("%Y-%m-%dT%H:%M")})
    work_off()
    assert len(server.requests) == 2


@pytest.mark.parametrize("since", ["", "yesterday", "2026-13-45T00:00"])
def test_wrong_day_is_told(as_officer, endpoint, since):
    answer = as_officer.post(address(endpoint, "redeliveries/"), {"since": since})
    assert answer.status_code == 422 and read(answer).all("ul", cls="errorlist")


def test_nothing_is_sent_again_while_it_is_disabled(as_officer, endpoint, decision):
    work_off()
    as_officer.post(address(endpoint, "state/"), {"state": "disabled"})
    delivery = WebhookDelivery.objects.get()
    as_officer.post(f"{LIST}deliveries/{delivery.pk}/redeliveries/")
    assert as_officer.post(address(endpoint, "redeliveries/"), {"since": "2026-01-01"}).status_code == 409
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.DELIVERED


POSTED_TO = ("secrets/", "state/", "pings/", "redeliveries/")


def test_what_is_not_there_is_not_found(as_officer):
    assert as_officer.get(f"{LIST}9/").status_code == as_officer.get(f"{LIST}deliveries/9/").status_code == 404
    assert {
        as_officer.post(f"{LIST}9/{part}", {"overlap": "0", "since": "2026-01-01"}).status_code for part in POSTED_TO
    } == {404}


def test_desk_of_webhooks_is_the_officers_alone(as_editor, as_hanako, client, endpoint):
    for part in ("", *POSTED_TO):
        assert as_editor.post(address(endpoint, part)).status_code in (403, 405)
        assert as_hanako.post(address(endpoint, part), follow=True).status_code == 403
        assert "/login/" in client.post(address(endpoint, part))["Location"]
    assert as_editor.get(LIST).status_code == as_editor.get(address(endpoint)).status_code == 403
    assert WebhookSecret.objects.count() == 1 and WebhookEndpoint.objects.get().is_enabled


def test_front_page_leads_officers_there(as_officer, as_editor):
    there = reverse("admin:consents_webhookendpoint_changelist")
    assert read(as_officer.get("/admin/")).all("a", href=there)
    assert not read(as_editor.get("/admin/")).all("a", href=there)


def test_failed_test_event_is_not_counted_as_not_arrived(as_officer, endpoint, server):
    server.answers = [500]
    send_ping(endpoint=endpoint, by=None)
    work_off()
    assert not read(as_officer.get(LIST)).one("tbody").all("span", cls="missing-mark")


def test_each_reason_that_is_documented_has_words():
    table = Path("docs/webhooks.md").read_text().split("| reason | means |")[1].split("\n\n")[0]
    documented = {
        reason for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for reason in re.findall("`([a-z-]+)`", row)
    }
    assert documented == set(REASON_WORDS)


@pytest.mark.parametrize(("prefix", "words"), [("", "シークレットを読めません"), ("/en", "the secret cannot be read")])
def test_try_that_came_to_nothing_says_why_in_the_readers_words(as_officer, endpoint, settings, prefix, words):
    send_ping(endpoint=endpoint, by=None)
    # Only sealing looks at this one: the officer's session goes on.
    WebhookSecret.objects.update(sealed="nobody can open this")
    work_off()
    page = read(as_officer.get(f"{prefix}{LIST}deliveries/{WebhookDelivery.objects.get().pk}/"))
    assert words in page.one("table", cls="desk-table").text
