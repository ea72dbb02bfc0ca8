"""Every address of the site is meant for someone. One that is new has to say for whom, here."""

from dataclasses import dataclass
from itertools import product

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils.translation import override

from consents.representatives.acting_views import ANSWERED, OWN, SEEN
from tests.support.people import PASSWORD
from tests.support.representatives import act_for, appointed

pytestmark = [pytest.mark.django_db, pytest.mark.once]

# Name, or beginning of a name with *, or the route of a pattern without a name → audience. The longest match counts.
AUDIENCES = {
    # Anyone reads it.
    "healthz": "public",
    "readyz": "public",
    "home": "public",
    "page": "public",
    "recipient": "public",
    "recipient_list": "public",
    "recipient_list_abroad": "public",
    "service": "public",
    "service_list": "public",
    "faq": "public",
    "change_list": "public",
    "change": "public",
    "glossary": "public",
    "sitemap": "public",
    "robots": "public",
    "security_txt": "public",
    "manifest": "public",
    ".well-known/change-password": "public",
    "search": "public",
    "jwks": "public",
    "recipient_keys": "public",
    # Files of the log, which may not be there yet, and the proof of one record (tests/privacycenter/proof, tests/consents/provable).
    "log_checkpoint": "log",
    "log_policy": "log",
    "log_key": "log",
    "log_tile": "log",
    "log_verifier": "log",
    # Anybody, once a publication named it (tests/disclosures/site_files).
    "site_file": "published",
    # Anybody, while the theme has it (tests/disclosures/theme).
    "theme_file": "published",
    "gpc": "public",
    "contact": "public",
    "inquiry_create": "public",
    "inquiry_lookup": "public",
    # Whoever brings the operator's token (tests/privacycenter/operation/test_metrics.py).
    "metrics": "operator",
    # Whoever wrote it, and can prove that.
    "inquiry": "sender",
    "inquiry_file": "sender",
    "inquiry_files": "sender",
    # Whoever holds the link of a mail.
    "recall_answer": "holder",
    "one_time_*": "holder",
    "calendar_file": "holder",
    "unsubscribe": "holder",
    "api:openapi-json": "public",
    "api_docs": "public",
    "account_login": "public",
    "mfa_login_webauthn": "step",
    "account_signup": "public",
    "account_inactive": "public",
    "account_reset_password": "public",
    "account_reset_password_done": "public",
    "account_reset_password_from_key": "public",
    "account_reset_password_from_key_done": "public",
    "account_email_verification_sent": "public",
    "account_confirm_email": "public",
    "socialaccount_login_cancelled": "public",
    # A step of logging in or out: for anyone, but it answers only in its place.
    "account_logout": "step",
    "quick_exit": "step",
    "account_confirm_login_code": "step",
    "mfa_authenticate": "step",
    "socialaccount_login_error": "step",
    "socialaccount_signup": "step",
    "openid_connect_*": "step",
    "log_in_elsewhere": "step",
    "log_in_elsewhere_back": "step",
    "accounts/social/*": "step",
    # The person, about their own data.
    "overview": "person",
    "disclosure": "person",
    "disclosure_list": "person",
    "my_access_list": "person",
    "my_inquiry": "person",
    "my_inquiry_file": "person",
    "my_inquiry_files": "person",
    "my_inquiry_list": "person",
    "my_recipient": "person",
    "my_item": "person",
    "stop": "person",
    "stopping_create": "person",
    "stopping_undo": "person",
    "my_recall_list": "person",
    "my_recall_new": "person",
    "my_recall_create": "person",
    "my_recall": "person",
    "my_recall_take_back": "person",
    "my_incident": "person",
    "authority_pack": "person",
    "my_representative_list": "person",
    "representation_end": "person",
    "representation_resign": "person",
    "acting_create": "person",
    "acting_end": "person",
    "record_check": "person",
    "record_proof": "log",
    "record_proof_file": "log",
    "record_row_proof": "log",
    "my_recipient_list": "person",
    "own_case": "person",
    "own_service": "person",
    "recipient_visibility": "person",
    "approval_request": "person",
    "request_list": "person",
    "decision": "person",
    "decision_list": "person",
    "decision_create": "person",
    "undoing_create": "person",
    "decision_change": "person",
    "change_create": "person",
    "receipt": "person",
    "receipt_json": "person",
    "receipt_jsonld": "person",
    "receipt_jws": "person",
    "receipt_pdf": "person",
    "rule_list": "person",
    "rule_preview": "person",
    "rule_create": "person",
    "export": "person",
    "export_status": "person",
    "export_fetch": "person",
    "notice_list": "person",
    "reading_create": "person",
    "my_settings": "person",
    "exit_settings": "person",
    "withdrawal_create": "person",
    "account_email": "person",
    "account_reauthenticate": "person",
    "account_change_password": "person",
    "account_set_password": "person",
    "accounts/2fa/": "person",
    "accounts/sessions/": "person",
    "accounts/3rdparty/": "person",
    "mfa_*": "person",
    "socialaccount_connections": "person",
    "usersessions_list": "person",
    "log_in_again": "person",
    "log_in_settings": "person",
    "session_end": "person",
    "other_sessions_end": "person",
    # The machines of services.
    "api:*": "reporter",
    # In a sandbox alone (tests/consents/sandbox).
    "api:get_sandbox_clock": "sandbox",
    "api:move_sandbox_clock": "sandbox",
    "api:make_up_person": "sandbox",
    "api:list_made_up_people": "sandbox",
    "api:answer_as_person": "sandbox",
    "api:withdraw_as_person": "sandbox",
    "api:recall_as_person": "sandbox",
    "api:list_mails_to_person": "sandbox",
    "sandbox_log_in": "sandbox",
    "admin:privacycenter_sandboxmail*": "administrator",
    # The desk: what everybody there sees, then who may do what.
    "admin:*": "desk",
    "admin:disclosures_*": "editor",
    "admin:packs": "editor",
    "admin:pack_download": "editor",
    "admin:disclosures_reporter_*": "officer",
    "admin:disclosures_reporter_rotate": "administrator",
    "admin:cases": "officer",
    "admin:case": "officer",
    "admin:case_event": "officer",
    "admin:records": "officer",
    "admin:record": "officer",
    "admin:record_accesses": "officer",
    "admin:record_export": "officer",
    "admin:record_export_file": "officer",
    "admin:erasures": "officer",
    "admin:erasure": "officer",
    "admin:person_change": "officer",
    "admin:accounts": "administrator",
    "admin:staff_create": "administrator",
    "admin:account": "administrator",
    "admin:account_change": "administrator",
    "admin:accesses": "officer",
    "admin:coverage": "officer",
    "admin:inquiries": "officer",
    "admin:inquiry": "officer",
    "admin:inquiry_report": "officer",
    "admin:inquiry_report_csv": "officer",
    "admin:disclosures_answertemplate_*": "officer",
    "admin:inquiry_file": "officer",
    "admin:affected": "officer",
    "admin:affected_list": "officer",
    "admin:incident*": "officer",
    "admin:recalls": "officer",
    "admin:recall": "officer",
    "admin:recall_for_person": "officer",
    "admin:representatives": "officer",
    "admin:representatives_of": "officer",
    "admin:representation": "officer",
    "admin:withdrawals": "officer",
    "admin:withdrawal": "officer",
    "admin:consents_webhook*": "officer",
}
AT_THE_DESK = ("desk", "editor", "officer", "administrator")
# What stands in for the variable parts of an address.
PARTS = {
    "person": 1,
    "id": "00000000-0000-0000-0000-000000000000", "request_id": "1-0", "case_id": "1-0", "recall_id": "1-0", "disclosure_id": "0", "upload_id": "0", "offset": 0, "pk": 1, "object_id": "1",
    "number": 1, "event": 1, "content_type_id": "1", "app_label": "disclosures", "key": "x", "uidb36": "1", "provider_id": "company", "url": "x",
    "path": "where-provided/", "sha256": "0" * 64, "ending": "svg", "kind": "scenarios", "field": "body", "reference": "PC-2611-0000-0000", "token": "x", "secret": "x", "subject": "x", "place": "menu",
}  # fmt: skip
CODES = {
    "recipient": "minato-inn",
    "my_recipient": "minato-inn",
    "my_item": "phone",
    "recipient_visibility": "minato-inn",
    "own_service": "jalan",
    "log_in_elsewhere": "company",
    "log_in_elsewhere_back": "company",
    "service": "jalan",
    "page": "where-provided",
    "admin:edit_entry": "online-booking",
    "api:put_recipient": "minato-inn",
    "admin:field_comments": "online-booking",
}
LOGIN = "/accounts/login/"
POSTED_TO = (
    "decision_create", "stopping_create", "stopping_undo", "withdrawal_create", "undoing_create", "change_create", "rule_create", "recipient_visibility", "session_end",
    "other_sessions_end", "reading_create", "my_recall_create", "my_recall_take_back", "inquiry_files", "my_inquiry_files", "one_time_answer_close", "one_time_file_close", "one_time_file_fetch",
    "representation_end", "representation_resign", "acting_create", "acting_end",
)  # fmt: skip


@dataclass(frozen=True)
class Endpoint:
    """One pattern of the address table. ``key`` is its name, or its route if it has none."""

    key: str
    name: str
    parts: frozenset[str]

    @property
    def audience(self) -> str | None:
        found = [pattern for pattern in AUDIENCES if matches(pattern, self.key)]
        return AUDIENCES[max(found, key=len)] if found else None

    def path(self, language="ja") -> str:
        values = {part: CODES[self.name] if part == "code" else PARTS[part] for part in self.parts}
        with override(language):
            return reverse(self.name, kwargs=values)


def matches(pattern, key) -> bool:
    return key.startswith(pattern[:-1]) if pattern.endswith("*") else key == pattern


def endpoints(resolver, namespace="", route="", parts=frozenset()):
    for pattern in resolver.url_patterns:
        here, more = route + str(pattern.pattern), parts | set(pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from endpoints(pattern, inner, here, more)
        else:
            name = namespace + pattern.name if pattern.name else ""
            yield Endpoint(name or namespace or here, name, more)


ENDPOINTS = list(endpoints(get_resolver()))


def meant_for(*audiences, but=()) -> list[Endpoint]:
    """Each endpoint with a name that is meant for one of these."""
    found = [one for one in ENDPOINTS if one.name and one.audience in audiences and one.name not in but]
    assert found, f"nothing is meant for {audiences}"
    return found


def statuses(found) -> dict:
    """Status → names, so that a failure says at once which addresses are wrong."""
    names: dict[int, list[str]] = {}
    for endpoint, response in found:
        names.setdefault(response.status_code, []).append(endpoint.name)
    return names


def test_every_address_is_meant_for_someone():
    assert {one.key for one in ENDPOINTS if one.audience is None} == set()


def test_every_audience_declared_here_has_its_address():
    assert {pattern for pattern in AUDIENCES if not any(matches(pattern, one.key) for one in ENDPOINTS)} == set()


def test_address_table_holds_all_parts_of_the_site():
    names = {one.name for one in ENDPOINTS}
    assert {"account_login", "admin:index", "api:report_disclosures", "overview", "page", "mfa_index"} <= names
    assert len(ENDPOINTS) > 150


# --- Anyone ----------------------------------------------------------------------------------------------------------


def test_anyone_reads_what_is_public(client):
    found = [(endpoint, client.get(endpoint.path())) for endpoint in meant_for("public")]
    assert set(statuses(found)) == {200}, statuses(found)


def test_step_of_logging_in_gives_nothing_out_of_its_place(client):
    found = [(endpoint, client.get(endpoint.path())) for endpoint in meant_for("step")]
    assert set(statuses(found)) == {302, 401, 404}, statuses(found)
    assert {response["Location"] for _endpoint, response in found if response.status_code == 302} == {
        "/", "/accounts/login/",
    }  # fmt: skip


@pytest.mark.parametrize(("language", "prefix"), [("ja", ""), ("en", "/en")])
def test_anyone_is_led_to_log_in_from_a_persons_page(client, language, prefix):
    found = {one.name: client.get(one.path(language)) for one in meant_for("person", but=POSTED_TO)}
    led = {
        name for name, response in found.items() if response.get("Location", "").startswith(f"{prefix}{LOGIN}?next=")
    }
    assert found.keys() - led == set()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_way_out_is_on_every_page_that_is_not_the_same_for_everyone(client, hanako, language):
    client.post(LOGIN, {"login": "hanako", "password": PASSWORD})
    pages = {}
    for endpoint in meant_for("person", "public", "step", "sender", "holder", but=("account_logout", "api_docs")):
        response = client.get(endpoint.path(language))
        is_page = response.status_code in (200, 403, 404) and response["Content-Type"].startswith("text/html")
        if is_page and "public" not in response["Cache-Control"]:
            pages[endpoint.name] = response.content.decode()
    assert len(pages) > 25
    without = {
        name for name, page in pages.items() if page.count('class="quick-exit"') != 1 or "js/leave.js" not in page
    }
    assert without == set()


def test_anyone_who_answers_for_a_person_is_led_to_log_in(client):
    posted_to = [endpoint for endpoint in meant_for("person") if endpoint.name in POSTED_TO]
    assert len(posted_to) > 5
    for endpoint in posted_to:
        response = client.post(endpoint.path(), {"answer": "allow"})
        assert response["Location"].startswith(f"{LOGIN}?next="), endpoint.name


CALLS = meant_for("reporter", but=("api:create_token", "api:api-root"))


def refusals(caller, endpoint, **headers):
    """What a call is answered with the method it has; the others are not there."""
    path = endpoint.path()
    answers = [
        caller.get(path, headers=headers),
        *(send(path, {}, "application/json", headers=headers) for send in (caller.post, caller.put)),
    ]
    return [response for response in answers if response.status_code != 405]


@pytest.mark.parametrize("endpoint", CALLS, ids=lambda endpoint: endpoint.name)
def test_call_without_a_token_is_refused_with_a_problem(client, as_hanako, as_editor, endpoint):
    for caller in (client, as_hanako, as_editor):
        found = refusals(caller, endpoint)
        assert {(one.status_code, one["Content-Type"]) for one in found} == {(401, "application/problem+json")}
        assert all(one["WWW-Authenticate"].startswith("Bearer") for one in found)


@pytest.mark.parametrize("endpoint", CALLS, ids=lambda endpoint: endpoint.name)
def test_call_with_a_made_up_token_is_refused(client, endpoint):
    assert {answer.status_code for answer in refusals(client, endpoint, Authorization="Bearer made-up")} == {401}


def test_token_is_not_given_without_credentials(client, as_editor):
    for caller in (client, as_editor):
        response = caller.post(
            "/api/v1/token", "grant_type=client_credentials", content_type="application/x-www-form-urlencoded"
        )
        assert response.status_code in (400, 401)
        assert "access_token" not in response.json()


def test_root_of_the_api_gives_nothing(client):
    assert client.get("/api/v1/").status_code == 404


def test_anyone_is_led_to_log_in_from_the_desk(client):
    found = {one.name: client.get(one.path(), follow=True).redirect_chain for one in meant_for(*AT_THE_DESK)}
    assert {
        name for name, chain in found.items() if not chain or not chain[-1][0].startswith(f"{LOGIN}?next=")
    } == set()


# --- The person ------------------------------------------------------------------------------------------------------


def test_person_is_refused_at_the_desk(as_hanako):
    found = [(endpoint, as_hanako.get(endpoint.path(), follow=True)) for endpoint in meant_for(*AT_THE_DESK)]
    assert set(statuses(found)) == {403}, statuses(found)


def strict(client) -> Client:
    """The same browser, before a site that checks its forms' tokens."""
    checked = Client(enforce_csrf_checks=True)
    checked.cookies.update(client.cookies)
    return checked


@pytest.mark.parametrize("language", ["ja", "en"])
def test_form_without_its_token_is_refused(as_hanako, language):
    # The two pages about the API have no form: the API answers for itself.
    checked, forms = (
        strict(as_hanako),
        meant_for("public", "step", "person", but=("api:openapi-json", "api_docs")),
    )
    found = [(endpoint, checked.post(endpoint.path(language), {"answer": "allow"})) for endpoint in forms]
    assert set(statuses(found)) == {403}, statuses(found)


def test_form_of_the_desk_without_its_token_is_refused(as_editor):
    checked, forms = strict(as_editor), meant_for(*AT_THE_DESK)
    found = [(endpoint, checked.post(endpoint.path(), {"_publish": "on"})) for endpoint in forms]
    assert set(statuses(found)) == {403}, statuses(found)


def test_answer_without_its_token_is_not_recorded(as_hanako, hanako, decision):
    assert strict(as_hanako).post(f"/my/decisions/{decision.id}/withdrawals/").status_code == 403
    assert hanako.decisions.count() == 1


# --- Who represents a person ----------------------------------------------------------------------------------------


def test_each_address_of_a_person_is_open_to_representatives_or_closed(as_taro, hanako, taro, officer):
    """Closed by default: what is not named in one of these lists is refused, whatever the method."""
    row = appointed(hanako, taro, officer)
    open_ones, closed = set(), set()
    for endpoint, language in product(meant_for("person", "log"), ("ja", "en")):
        path = endpoint.path(language)
        if "/my/" not in path and "/accounts/" not in path:
            continue
        answers = []
        for method in ("GET", "POST"):
            act_for(as_taro, row)
            answers.append(as_taro.generic(method, path).status_code)
        (closed if answers == [403, 403] else open_ones).add(endpoint.name)
    assert open_ones == SEEN | ANSWERED | OWN - {"quick_exit", "account_logout"}
    assert len(closed) > 40 and not open_ones & closed


# --- The desk --------------------------------------------------------------------------------------------------------


# Officers read what editors write.
STATUS_FOR_EDITOR_AND_OFFICER = {"editor": (200, 200), "officer": (403, 200)}


def test_list_at_the_desk_is_open_to_those_it_is_meant_for(as_editor, as_officer):
    lists = [one for one in ENDPOINTS if one.name.endswith("_changelist")]
    lists = [one for one in lists if one.audience != "administrator"]
    assert {one.audience for one in lists} == STATUS_FOR_EDITOR_AND_OFFICER.keys()
    for endpoint in lists:
        found = as_editor.get(endpoint.path()).status_code, as_officer.get(endpoint.path()).status_code
        assert found == STATUS_FOR_EDITOR_AND_OFFICER[endpoint.audience], endpoint.name


def test_what_is_the_administrators_is_closed_to_the_desk(as_editor, as_officer):
    for client in (as_editor, as_officer):
        found = [(endpoint, client.get(endpoint.path())) for endpoint in meant_for("administrator")]
        # An object that is not there is told only to those who might see it; others go back to the index.
        assert set(statuses(found)) <= {302, 403}, statuses(found)
