"""What tests in a browser do again and again."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.support.people import PASSWORD


def log_in(page: Page, username: str) -> None:
    page.locator("input[name=login]").fill(username)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button").first.click()


def assert_accessible(page: Page, browser: Browser) -> None:
    """No violation of axe's rules, in light and in dark, and nothing that scrolls sideways at 320 pixels.

    axe is a script: a page without JavaScript is given to a second page with it, with the same cookies.
    """
    with_script = browser.new_context(
        storage_state=page.context.storage_state(), viewport={"width": 320, "height": 700}, reduced_motion="reduce"
    )
    copy = with_script.new_page()
    for scheme in ("light", "dark"):
        copy.emulate_media(color_scheme=scheme)
        copy.goto(page.url)
        violations = Axe().run(copy).response["violations"]
        assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in violations] == []
    assert copy.evaluate("document.documentElement.scrollWidth") <= 320
    with_script.close()
