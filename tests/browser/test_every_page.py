"""Every page, in the browser: axe's rules in light and dark, narrow screens, doubled text, targets that can be hit."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.support.content import ROOT
from tests.support.every_page import desk_client, desk_paths, filled_site, persons_paths, public_paths
from tests.support.people import client_of

pytestmark = pytest.mark.browser

PROBES = (ROOT / "tests" / "browser" / "probes.js").read_text(encoding="utf-8")
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
SOURCES = {"resultTypes": ["violations"]}


@dataclass(frozen=True)
class Demands:
    """``targets``: the probe that judges their size. ``doubled_on``: on windows of these widths in pixels, nothing
    scrolls sideways and nothing is cut off with text of twice the size."""

    targets: str
    doubled_on: Sequence[int]


# 640 pixels with doubled text are as narrow as 320; those of phones are more than WCAG asks for.
EVERYBODYS = Demands("smallTargets", doubled_on=(640, 390, 360))
# Built on Django's own admin, whose small links have room around them.
DESKS = Demands("crowdedTargets", doubled_on=(640,))


@pytest.fixture
def site(world):
    return filled_site()


@pytest.fixture
def visit(browser: Browser, live_server):
    """Open a page as whoever this client is; one page for all visits of a test."""
    context = browser.new_context(base_url=live_server.url, reduced_motion="reduce")
    page = context.new_page()
    yield partial(open_as, page, live_server.url)
    context.close()


def open_as(page: Page, url: str, client, path: str) -> Page:
    cookies = [{"name": name, "value": morsel.value, "url": url} for name, morsel in client.cookies.items()]
    page.context.clear_cookies()
    page.context.add_cookies(cookies)
    page.set_viewport_size({"width": 320, "height": 700})
    page.emulate_media(color_scheme="light")
    page.goto(path)
    return page


def findings(page: Page, demands: Demands) -> list[str]:
    """All that is wrong with the page, one line each."""
    page.evaluate(PROBES)
    page.evaluate("probes.holdStill()")
    found = [f"320 px: {line}" for line in page.evaluate("probes.sideways()")]
    found += [f"target: {line}" for line in page.evaluate(f"probes.{demands.targets}()")]
    found += [f"axe: {line}" for line in violations(page, SOURCES)]
    page.emulate_media(color_scheme="dark")
    found += [f"axe, dark: {line}" for line in violations(page, {**SOURCES, **COLOURS})]
    page.evaluate("probes.doubleText()")
    for width in demands.doubled_on:
        page.set_viewport_size({"width": width, "height": 700})
        lines = page.evaluate("[...probes.sideways(), ...probes.clipped()]")
        found += [f"doubled text at {width} px: {line}" for line in lines]
    return found


def violations(page: Page, options: dict) -> list[str]:
    found = Axe().run(page, options=options).response["violations"]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]


def assert_all_can_use(visit, client, paths, demands: Demands = EVERYBODYS) -> None:
    found = [f"{path} {line}" for path in paths for line in findings(visit(client, path), demands)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("part", [0, 1])
def test_public_pages_can_be_used_by_everybody(site, visit, client, part):
    assert_all_can_use(visit, client, public_paths()[part::2])


def test_pages_of_a_person_can_be_used_by_everybody(site, visit):
    assert_all_can_use(visit, client_of(site.hanako), persons_paths(site))


def test_desk_can_be_used_by_everybody(site, visit):
    assert_all_can_use(visit, desk_client(site), desk_paths(site), DESKS)
