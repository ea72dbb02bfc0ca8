"""Each refusal of the actions on webhooks, called directly: it says why, and nothing was written."""

from datetime import timedelta

import pytest

from consents.models import DisabledReason
from consents.webhooks.actions import MOST_SECRETS, create_webhook, disable_webhook, enable_webhook, rotate_secret
from tests.support.refusals import Refused, assert_refused, without_a_case

pytestmark = pytest.mark.django_db

URL = "https://hooks.example/"


def naming(has, **more):
    return {"reporter": has.reporter, "url": URL, "by": None, **more}


def endpoint(has):
    return create_webhook(**naming(has))[0]


def in_the_clear(has):
    has.settings.WEBHOOK_ALLOW_HTTP = False
    return naming(has, url="http://hooks.example/")


def named_before(has):
    endpoint(has)
    return naming(has)


def rotating(has, overlap, *, secrets=1):
    made = endpoint(has)
    for _number in range(secrets - 1):
        rotate_secret(endpoint=made, overlap=timedelta(days=1), by=None)
    return {"endpoint": made, "overlap": overlap, "by": None}


def disabling_twice(has):
    told = {"endpoint": endpoint(has), "reason": DisabledReason.BY_HAND, "by": None}
    disable_webhook(**told)
    return told


CASES = [
    Refused(create_webhook, "url", in_the_clear),
    Refused(create_webhook, "url", lambda has: naming(has, url="nowhere")),
    Refused(create_webhook, "There is no event ", lambda has: naming(has, event_types=["decision.made", "all.things"])),
    Refused(create_webhook, "at least one event", lambda has: naming(has, event_types=[])),
    Refused(create_webhook, "to that address already", named_before),
    Refused(rotate_secret, "0 to 30 days", lambda has: rotating(has, timedelta(seconds=-1))),
    Refused(rotate_secret, "0 to 30 days", lambda has: rotating(has, timedelta(days=30, seconds=1))),
    Refused(rotate_secret, "Five secrets", lambda has: rotating(has, timedelta(seconds=1), secrets=MOST_SECRETS)),
    Refused(disable_webhook, "disabled already", disabling_twice),
    Refused(enable_webhook, "enabled already", lambda has: {"endpoint": endpoint(has), "by": None}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    assert without_a_case("consents.webhooks", CASES) == []
