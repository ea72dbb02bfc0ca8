"""A real browser against a live server. Debian's Chromium, found by name or by CHROMIUM=."""

import os
import shutil

import pytest
from playwright.sync_api import Browser, ConsoleMessage, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
# Another run may go on beside this one.
expect.set_options(timeout=20_000)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@pytest.fixture(scope="session")
def browser():
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.fail("There is no Chromium. Install it or set CHROMIUM= to its path.")
    # Playwright runs an event loop in this thread; Django would refuse database calls because of it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=path, args=FLAGS)


@pytest.fixture(params=[True, False], ids=["js", "nojs"])
def page(request, browser: Browser, live_server, world):
    """A phone, once with and once without JavaScript. A message on its console fails the test."""
    context = browser.new_context(
        java_script_enabled=request.param, viewport={"width": 390, "height": 844}, base_url=live_server.url, locale="ja"
    )
    page = context.new_page()
    said: list[str] = []
    page.on(
        "console", lambda said_now: said.append(line_of(said_now)) if said_now.type in ("error", "warning") else None
    )
    yield page
    context.close()
    assert said == []


def line_of(message: ConsoleMessage) -> str:
    return f"{message.text} {message.location.get('url', '')}"
