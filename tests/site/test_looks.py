"""Nobody at the desk sees a person without a trace: what each page shows is compared with the log of accesses."""

import json
from itertools import product

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.urls import URLResolver, get_resolver, reverse

from consents.models import WebhookDelivery, WebhookEndpoint, WithdrawalCase
from consents.webhooks.actions import create_webhook
from disclosures.consuming.actions import queue_read_by, record_messages
from disclosures.consuming.messages import Message, events_of
from disclosures.inquiries.actions import Filing, file_inquiry
from disclosures.inquiries.numbers import new_token
from disclosures.models import Case, CaseEvent, Inquiry, InquiryKind, RecordAccess, RefusedMessage, Reporter, Scenario
from privacycenter.models import User
from privacycenter.outbox.working import work_off
from tests.support.api import cloud_event
from tests.support.events import an_event, record
from tests.support.people import client_of, make_user
from tests.support.receiver import Receiver

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
ROLES = ("officers", "editors", "publishers", "administrator", "no role")
REASON = "本人からの請求に答えるため"
HERS = ("subject-hanako", "山田花子様", "only-hers@example.jp")
# Django makes the same pages for each model of the content: one model's are looked at.
LEFT_OUT = ("admin:logout", "admin:login", "admin:jsi18n")
ONE_OF_THEM = "admin:disclosures_scenario_"


def desk_addresses(resolver, namespace=""):
    """Name → view and the parts of its address, of each address of the desk."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from desk_addresses(pattern, pattern.namespace or namespace)
        elif namespace == "admin" and pattern.name:
            yield f"admin:{pattern.name}", (pattern.callback, tuple(pattern.pattern.regex.groupindex))


ADDRESSES = dict(desk_addresses(get_resolver()))


def stock_admin_of(view):
    return getattr(view, "model_admin", None)


def looked_at() -> list[str]:
    of_the_content = [
        name for name, (view, _parts) in ADDRESSES.items()
        if stock_admin_of(view) and not name.startswith(ONE_OF_THEM) and "reporter" not in name
    ]  # fmt: skip
    return [name for name in ADDRESSES if name not in (*LEFT_OUT, *of_the_content)]


@pytest.fixture
def hers(hanako, reporter, withdrawal):
    """Of everything that a page of the desk may show of hanako, one. Her name and address are nobody else's."""
    User.objects.filter(pk=hanako.pk).update(display_name=HERS[1], email=HERS[2])
    hanako.refresh_from_db()
    server = Receiver()
    create_webhook(reporter=reporter, url=server.url, by=None)
    record(reporter, an_event(), an_event("other"))
    record(reporter, an_event(items=("name",)), an_event("bad", recipient="nobody-knows-it"))
    unread = Message("Q:1", {}, json.dumps(cloud_event("queued", recipient="nobody-knows-it")).encode())
    record_messages(read=events_of(unread), queue=queue_read_by(name="nats Q/test", reporter=reporter))
    file_inquiry(filing=Filing(new_token(), InquiryKind.QUESTION, HERS[1], HERS[2], "質問", "", "ja"), by=hanako)
    work_off()
    server.close()
    return hanako


def paths_of(name, hers) -> list[str]:
    """The addresses of this name at which something of hers is."""
    _view, parts = ADDRESSES[name]
    scenario = Scenario.objects.get(code="online-booking").pk
    rows = {
        "case_event": CaseEvent.objects.all(), "case": Case.objects.all(), "withdrawal": WithdrawalCase.objects.all(), "inquiry": Inquiry.objects.all(),
        "refused_message": RefusedMessage.objects.all(), "record": [hers], "record_accesses": [hers], "consents_webhookendpoint": WebhookEndpoint.objects.all(),
        "consents_webhookdelivery": WebhookDelivery.objects.all(), "disclosures_reporter": Reporter.objects.all(),
    }  # fmt: skip
    longest = max((key for key in rows if name.removeprefix("admin:").startswith(key)), key=len, default="")
    keys = [row.pk for row in rows[longest]] if longest else [1]
    given = {
        "person": hers.pk, "id": hers.disclosures.first().id, "number": 1, "content_type_id": 1, "object_id": scenario,
        "app_label": "disclosures", "url": "x", "path": "where-provided/", "kind": "scenarios", "code": "online-booking", "field": "body",
        "sha256": "0" * 64, "ending": "svg", "secret": "x", "place": "menu",
    }  # fmt: skip
    if name == "admin:refused_message":
        return [reverse(name, args=[row.pk]) for row in rows[longest]]
    if longest == "case_event":
        return [reverse(name, args=[row.case_id, row.pk]) for row in rows[longest]]
    return [
        reverse(name, kwargs={part: key if part == "pk" else given[part] for part in parts})
        for key in (keys if "pk" in parts else keys[:1])
    ]


def staff(role) -> User:
    groups = () if role in ("administrator", "no role") else (role,)
    return make_user(f"staff-{role[:3]}", is_staff=True, is_superuser=role == "administrator", groups=groups)


def is_of_her(response) -> bool:
    content = b"".join(response) if response.streaming else response.content
    return any(mark in content.decode(errors="replace") for mark in HERS)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "role", [role if role == "officers" else pytest.param(role, marks=pytest.mark.once) for role in ROLES]
)
def test_every_page_that_shows_a_person_has_written_the_look(hers, role):
    by = staff(role)
    client = client_of(by)
    client.post(reverse("admin:records"), {"who": hers.subject, "scope": "whole", "reason": REASON})
    shown, unseen = set(), []
    for name, method in product(looked_at(), METHODS):
        for path in paths_of(name, hers):
            before = RecordAccess.objects.filter(staff_id=by.pk).count()
            response = client.generic(method, path)
            after = RecordAccess.objects.filter(staff_id=by.pk, person=hers).count()
            if is_of_her(response):
                shown.add(name)
                if after <= before:
                    unseen.append((method, path, response.status_code))
    assert unseen == []
    sees_people = {"officers", "administrator"}
    wanted = {
        "admin:case_event",
        "admin:refused_message",
        "admin:inquiry",
        "admin:withdrawal",
        "admin:withheld",
        "admin:record",
    }
    assert (wanted <= shown) if role in sees_people else shown == set()


@pytest.mark.django_db
def test_a_form_that_is_sent_empty_shows_the_case_and_leaves_its_trace(as_officer, officer, hers):
    event = CaseEvent.objects.first()
    inquiry, withdrawal = Inquiry.objects.first(), WithdrawalCase.objects.first()
    paths = (f"cases/{event.case_id}/events/{event.pk}", f"inquiries/{inquiry.pk}", f"withdrawals/{withdrawal.pk}")
    for path in paths:
        before = hers.record_accesses.count()
        response = as_officer.post(f"/admin/{path}/", {})
        assert response.status_code == 422 and is_of_her(response)
        assert hers.record_accesses.count() == before + 1


def test_every_address_of_the_desk_says_whom_it_shows():
    views = {name: view for name, (view, _parts) in ADDRESSES.items()}
    undeclared = {
        name for name, view in views.items()
        if not getattr(view, "shows", None)
        and not getattr(stock_admin_of(view), "shows", None)
        and not getattr(view, "admin_site", None)
        and name != "admin:login"  # the site's own, with its limits
    }  # fmt: skip
    assert len(views) > 100 and undeclared == set()


def test_the_desk_takes_no_view_that_does_not_say_whom_it_shows():
    def page(request):
        return HttpResponse()

    with pytest.raises(ImproperlyConfigured, match="page does not say whom it shows"):
        admin.site.admin_view(page)


def test_the_desk_has_no_stock_pages_for_people_or_what_belongs_to_them():
    people = get_user_model()
    for model in admin.site._registry:
        of_people = {field.name for field in model._meta.concrete_fields if field.related_model is people}
        assert of_people <= {"published_by"}, model
