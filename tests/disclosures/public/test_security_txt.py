"""Where to report a weakness (RFC 9116)."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings

from disclosures.models import Site
from disclosures.publishing.actions import publish_content

pytestmark = [pytest.mark.django_db, pytest.mark.once]
ADDRESS = "/.well-known/security.txt"


def fields(response) -> dict[str, str]:
    return dict(re.findall(r"^(\S+): (.+)$", response.content.decode(), re.MULTILINE))


def test_contact_of_the_content_is_named(client):
    Site.objects.update(security_contact="security@example.org")
    publish_content(by=None, reason="contact")
    found = fields(client.get(ADDRESS))
    assert (found["Contact"], found["Canonical"]) == (
        "mailto:security@example.org",
        f"{settings.SITE_ADDRESS}{ADDRESS}",
    )


def test_page_for_requests_is_named_without_one(client):
    contact = fields(client.get(ADDRESS))["Contact"]
    assert contact == f"{settings.SITE_ADDRESS}/contact/"
    assert client.get(contact).status_code == 200


def test_it_never_has_expired(client):
    expires = datetime.strptime(fields(client.get(ADDRESS))["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta() < expires - datetime.now(UTC) < timedelta(days=366)
