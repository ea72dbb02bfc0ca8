"""Every address of the desk, as each role of staff: whatever it answers, it is no error of ours."""

import re

import pytest
from django.contrib import admin
from django.urls import URLPattern, URLResolver

from tests.support.people import client_of, make_user

pytestmark = pytest.mark.django_db

SAMPLES = {"uuid": "01890000-0000-7000-8000-000000000000", "int": "1", "app_label": "disclosures"}


def addresses(patterns, before="/admin/") -> list[str]:
    found = []
    for one in patterns:
        address = before + re.sub(r"<(?:(\w+):)?(\w+)>", sample, str(one.pattern))
        if isinstance(one, URLResolver):
            found += addresses(one.url_patterns, address)
        elif isinstance(one, URLPattern) and "(?P" not in address:
            found.append(address)
    return found


def sample(match) -> str:
    return SAMPLES.get(match[1] or match[2], "1")


@pytest.fixture
def as_administrator(db):
    return client_of(make_user("root", is_staff=True, is_superuser=True))


@pytest.mark.parametrize("role", ["as_administrator", "as_officer", "as_editor"])
def test_no_address_of_the_desk_is_an_error(role, request):
    client = request.getfixturevalue(role)
    client.raise_request_exception = False
    asked = [one for one in addresses(admin.site.get_urls()) if "logout" not in one]
    assert len(asked) > 50
    assert [one for one in asked if client.get(one).status_code >= 500] == []


def test_short_address_leads_to_the_page_of_the_row(as_editor):
    assert as_editor.get("/admin/disclosures/country/1/")["Location"] == "/admin/disclosures/country/1/change/"


def test_chosen_rows_that_are_none_are_no_error_in_any_list(as_administrator, rf):
    request = rf.get("/admin/")
    request.user = make_user("someone", is_staff=True, is_superuser=True)
    actions = [
        (f"/admin/{model._meta.app_label}/{model._meta.model_name}/", action)
        for model, one in admin.site._registry.items()
        for action in one.get_actions(request)
    ]
    assert len(actions) > 20
    for path, action in actions:
        for key in ("x", "9" * 30, "\x00"):
            answer = as_administrator.post(path, {"action": action, "_selected_action": [key]})
            assert answer.status_code < 400, (path, action)
