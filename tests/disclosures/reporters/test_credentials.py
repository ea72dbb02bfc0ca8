"""Credentials over time: replaced with an overlap, taken away at once, and guarded against guessing."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from allauth.idp.oidc.models import Token
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from disclosures.models import FormerSecret, Reporter
from disclosures.reporters.actions import change_reporter, create_reporter, rotate_secret, stop_reporter
from privacycenter.errors import InvalidValue
from privacycenter.models import CacheEntry
from tests.support.api import Api
from tests.support.html import read
from tests.support.people import client_of, make_user

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def token(reporter, secret, address="192.0.2.1", **more):
    form = {"grant_type": "client_credentials", "client_id": reporter.client_id, "client_secret": secret, **more}
    return Client(REMOTE_ADDR=address).post(
        "/api/v1/token", urlencode(form), content_type="application/x-www-form-urlencoded"
    )


@pytest.fixture
def as_admin(db):
    return client_of(make_user("admin", is_staff=True, is_superuser=True))


# --- A new secret -----------------------------------------------------------------------------------------------------


def test_old_and_new_secret_work_until_the_overlap_ends(reporter):
    new = rotate_secret(reporter=reporter, overlap=DAY)
    assert [token(reporter, secret).status_code for secret in (reporter.secret, new)] == [200, 200]
    FormerSecret.objects.update(valid_until=timezone.now())
    assert [token(reporter, secret).status_code for secret in (reporter.secret, new)] == [401, 200]


def test_new_secret_without_an_overlap_ends_the_old_one_and_its_tokens(reporter, api):
    rotate_secret(reporter=reporter, overlap=DAY)
    new = rotate_secret(reporter=reporter)
    assert [token(reporter, secret).status_code for secret in (reporter.secret, new)] == [401, 200]
    assert api.get("/catalogue").status_code == 401


def test_new_secret_is_stored_hashed(reporter):
    new = rotate_secret(reporter=reporter, overlap=DAY)
    stored = [reporter.client.__class__.objects.get().secret, FormerSecret.objects.get().secret]
    assert not [one for one in stored if new in one or reporter.secret in one]


@pytest.mark.parametrize("overlap", [timedelta(days=31), timedelta(seconds=-1)])
def test_overlap_that_is_too_long_is_refused(reporter, overlap):
    with pytest.raises(InvalidValue):
        rotate_secret(reporter=reporter, overlap=overlap)
    assert token(reporter, reporter.secret).status_code == 200


def test_stopped_reporter_gets_no_new_secret(reporter):
    stop_reporter(reporter=reporter)
    with pytest.raises(InvalidValue):
        rotate_secret(reporter=reporter)


def test_rotate_command_shows_a_secret_that_works(reporter, capsys):
    call_command("rotate_reporter", "travel", "--overlap-hours", "1")
    said = dict(line.split(":", 1) for line in capsys.readouterr().out.splitlines()[:2])
    assert token(reporter, said["client_secret"].strip()).status_code == 200
    assert token(reporter, reporter.secret).status_code == 200


# --- Stopping and changing --------------------------------------------------------------------------------------------


def test_stopped_reporter_is_refused_on_its_next_call_and_gets_no_token(reporter, api):
    assert api.get("/catalogue").status_code == 200
    assert [stop_reporter(reporter=reporter) for _ in range(2)] == [True, False]
    assert api.get("/catalogue").status_code == 401
    assert token(reporter, reporter.secret).json()["error"] == "invalid_client"
    assert not Token.objects.exists()


def test_scope_that_was_taken_away_is_gone_for_tokens_given_before(reporter, api):
    change_reporter(reporter=reporter, scopes=["decisions:read"])
    assert (api.get("/catalogue").status_code, api.get("/decisions").status_code) == (403, 200)
    assert token(reporter, reporter.secret).json()["scope"] == "decisions:read"


def test_service_that_was_taken_away_is_not_spoken_for_on_the_next_call(reporter, api):
    change_reporter(reporter=reporter, services=["hotpepper-gourmet"])
    assert api.check().json()["type"].endswith("service-not-yours")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["revoke_reporter", "travel"], "stopped"),
        (["change_reporter", "travel", "--scopes", "decisions:read"], "scopes:   decisions:read"),
        (["change_reporter", "travel", "--services", "jalan"], "services: jalan"),
    ],
)
def test_command_says_what_it_did(reporter, capsys, arguments, expected):
    call_command(*arguments)
    assert expected in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["rotate_reporter", "nobody"], ["revoke_reporter", "nobody"], ["change_reporter", "nobody"],
        ["change_reporter", "travel", "--scopes", "admin"], ["change_reporter", "travel", "--services", "nothing"],
        ["rotate_reporter", "travel", "--overlap-hours", "1000"],
    ],
)  # fmt: skip
def test_command_says_what_is_wrong(reporter, arguments):
    with pytest.raises(CommandError, match=r"nobody|admin|nothing|hours"):
        call_command(*arguments)


# --- At the desk ------------------------------------------------------------------------------------------------------


def desk(reporter, what):
    return f"/admin/disclosures/reporter/{reporter.pk}/{what}/"


def test_officer_stops_a_reporter_after_confirming(as_officer, reporter):
    assert as_officer.get(desk(reporter, "stop")).status_code == 200
    assert Reporter.objects.get().stopped_at is None
    assert as_officer.post(desk(reporter, "stop")).status_code == 302
    assert Reporter.objects.get().stopped_at
    assert as_officer.post(desk(reporter, "stop")).status_code == 404


def test_administrator_gives_a_new_secret_that_is_shown_once(as_admin, reporter):
    answered = as_admin.post(desk(reporter, "rotate"), {"overlap_hours": "24"})
    secret = [code.text for code in read(answered).all("code")][-1]
    assert "no-store" in answered["Cache-Control"]
    assert [token(reporter, one).status_code for one in (secret, reporter.secret)] == [200, 200]
    assert secret not in as_admin.get(desk(reporter, "rotate")).content.decode()


def test_new_secret_needs_a_choice(as_admin, reporter):
    assert as_admin.post(desk(reporter, "rotate"), {}).status_code == 422
    assert token(reporter, reporter.secret).status_code == 200


def test_officer_and_editor_give_no_new_secret(as_officer, as_editor, reporter):
    for client in (as_officer, as_editor):
        assert client.post(desk(reporter, "rotate"), {"overlap_hours": "0"}).status_code == 403
    assert as_editor.post(desk(reporter, "stop")).status_code == 403


def test_form_of_a_reporter_leads_to_both(as_admin, reporter):
    page = as_admin.get(desk(reporter, "change")).content.decode()
    assert desk(reporter, "stop") in page and desk(reporter, "rotate") in page


# --- Limits -----------------------------------------------------------------------------------------------------------


def test_tokens_are_limited_by_client_and_address(reporter, settings):
    settings.TOKEN_RATE_LIMIT = 2
    found = [token(reporter, reporter.secret) for _ in range(3)]
    assert [one.status_code for one in found] == [200, 200, 429]
    assert found[2].json()["type"] == "urn:privacycenter:problem:too-many-calls"
    assert 0 < int(found[2]["Retry-After"]) <= 60
    assert token(reporter, reporter.secret, address="198.51.100.9").status_code == 200


def test_wrong_secrets_use_up_the_limit_ten_times_as_fast(reporter, settings):
    settings.TOKEN_RATE_LIMIT = 20
    assert [token(reporter, "wrong").status_code for _ in range(3)] == [401, 401, 429]
    assert token(reporter, reporter.secret).status_code == 429, "nobody knows yet that this one is right"


def test_right_secret_is_not_refused_because_of_others_wrong_ones(reporter, settings):
    settings.TOKEN_RATE_LIMIT = 20
    assert token(reporter, reporter.secret, address="8.8.8.8").status_code == 200
    stranger = Reporter(code="x", client_id="made-up")
    for caller in (reporter, stranger):
        assert 429 in [token(caller, "wrong", address="8.8.8.8").status_code for _ in range(25)]
    assert token(reporter, reporter.secret, address="8.8.8.8").status_code == 200


def test_first_call_of_a_client_does_not_suffer_from_made_up_names_at_its_address(reporter, settings):
    settings.TOKEN_RATE_LIMIT = 20
    stranger = Reporter(code="x")
    for number in range(25):
        stranger.client_id = f"made-up-{number}"
        last = token(stranger, "wrong", address="8.8.8.8").status_code
    assert last == 429
    assert token(reporter, reporter.secret, address="8.8.8.8").status_code == 200


def test_secret_that_was_right_gives_no_token_any_more_once_it_is_not(reporter, settings):
    settings.TOKEN_RATE_LIMIT = 20
    assert token(reporter, reporter.secret).status_code == 200
    stop_reporter(reporter=reporter)
    assert token(reporter, reporter.secret).status_code == 401


def test_guessing_under_many_names_from_one_address_is_limited(db, settings):
    settings.TOKEN_RATE_LIMIT = 2
    stranger, statuses = Reporter(code="x"), []
    for number in range(4):
        stranger.client_id = f"made-up-{number}"
        statuses.append(token(stranger, "wrong", address="8.8.8.8").status_code)
    assert statuses == [401, 401, 429, 429]


def test_limits_keep_no_address(reporter, settings):
    settings.TOKEN_RATE_LIMIT = 2
    token(reporter, reporter.secret, address="8.8.8.8")
    keys = list(CacheEntry.objects.values_list("key", flat=True))
    assert keys and not [key for key in keys if "8.8" in key or reporter.client_id in key]


def test_calls_are_limited_by_reporter_and_say_what_is_left(reporter, api, settings):
    settings.API_RATE_LIMIT = 2
    found = [api.get("/decisions") for _ in range(3)]
    assert [one.status_code for one in found] == [200, 200, 429]
    assert [one["RateLimit"].partition(";t")[0] for one in found] == [f'"calls";r={left}' for left in (1, 0, 0)]
    assert {one["RateLimit-Policy"] for one in found} == {'"calls";q=2;w=60'}
    assert found[2]["Content-Type"] == "application/problem+json"


def test_check_above_the_limit_is_a_no(reporter, api, settings):
    settings.API_RATE_LIMIT = 1
    found = [api.check() for _ in range(2)]
    assert (found[1].status_code, found[1].json()["allowed"], "Retry-After" in found[1]) == (429, False, True)


def test_limit_of_one_reporter_leaves_another_alone(reporter, api, settings):
    settings.API_RATE_LIMIT = 1
    other, other.secret = create_reporter(code="homes", title="Homes", services=["suumo"])
    settings.TOKEN_RATE_LIMIT = 0
    assert [api.get("/decisions").status_code, api.get("/decisions").status_code] == [200, 429]
    assert Api(other).get("/decisions").status_code == 200


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ("scope=x", 400, "invalid_request"),
        ("grant_type=password", 400, "unsupported_grant_type"),
        ("grant_type=client_credentials&grant_type=client_credentials", 400, "invalid_request"),
        ("grant_type=client_credentials&client_id=a%00b&client_secret=c", 400, "invalid_request"),
        ("grant_type=client_credentials&client_id=a&client_secret=b", 401, "invalid_client"),
    ],
)
def test_token_for_a_form_that_is_wrong_is_refused(db, form, status, error):
    answered = Client().post("/api/v1/token", form, content_type="application/x-www-form-urlencoded")
    assert (answered.status_code, answered.json()["error"]) == (status, error)


@pytest.mark.parametrize(("basic", "status"), [("{id}:{secret}", 200), ("{id}:wrong", 401), ("\x00:a", 400)])
def test_token_by_http_basic(reporter, basic, status):
    import base64

    encoded = base64.b64encode(basic.format(id=reporter.client_id, secret=reporter.secret).encode()).decode()
    answered = Client().post(
        "/api/v1/token", "grant_type=client_credentials", content_type="application/x-www-form-urlencoded",
        headers={"Authorization": f"Basic {encoded}"},
    )  # fmt: skip
    assert answered.status_code == status


@pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data", "text/plain"])
def test_token_for_another_content_type_is_415(reporter, content_type):
    assert Client().post("/api/v1/token", "{}", content_type=content_type).status_code == 415
