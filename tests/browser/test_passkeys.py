"""A person makes a passkey and gets in with it, with the browser's own virtual key."""

import pytest
from playwright.sync_api import expect

from tests.support.browser import assert_accessible, log_in
from tests.support.people import make_user

pytestmark = pytest.mark.browser

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_journey_a_person_makes_a_passkey_and_gets_in_with_it(browser, live_server, world):
    make_user("hanako")
    context = browser.new_context(base_url=live_server.url, locale="ja", viewport={"width": 390, "height": 844})
    page = context.new_page()
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})

    page.goto("/my/settings/log-in/")
    log_in(page, "hanako")
    assert_accessible(page, browser)
    page.locator(".ways a[href='/accounts/2fa/webauthn/add/']").click()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url("**/recovery-codes/")
    assert_accessible(page, browser)
    page.goto("/accounts/2fa/webauthn/")
    expect(page.locator("main .rows > li")).to_have_count(1)
    assert_accessible(page, browser)

    page.goto("/accounts/logout/")
    page.locator("main form button").click()
    page.goto("/accounts/login/")
    page.locator("#passkey_login").click()
    page.wait_for_url("**/my/")

    page.goto("/accounts/2fa/webauthn/reauthenticate/?next=/my/settings/")
    assert_accessible(page, browser)
    page.reload()  # the check above opened the page too, and the newest question alone counts
    page.locator("#mfa_webauthn_reauthenticate").click()
    page.wait_for_url(f"{live_server.url}/my/settings/")

    page.goto("/accounts/logout/")
    page.locator("main form button").click()
    page.goto("/accounts/login/")
    log_in(page, "hanako")
    page.wait_for_url("**/authenticate/")
    assert_accessible(page, browser)
    page.reload()
    page.locator("#mfa_webauthn_authenticate").click()
    page.wait_for_url("**/my/")
    context.close()
