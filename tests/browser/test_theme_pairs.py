"""What the stylesheets put on what, on every page as the browser shows it: all of it is measured for each theme."""

import pytest
from django.test import Client

from disclosures.theme.tokens import PAIRS, standard_colours
from tests.support.every_page import filled_site, persons_paths, public_paths
from tests.support.people import client_of

pytestmark = pytest.mark.browser

# The colours of each text that is seen, and of the ground behind it.
SEEN = """() => {
  const found = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility({visibilityProperty: true})) continue;
    let ground = element;
    while (ground && getComputedStyle(ground).backgroundColor === "rgba(0, 0, 0, 0)") ground = ground.parentElement;
    if (ground) found.add([getComputedStyle(element).color, getComputedStyle(ground).backgroundColor].join("|"));
  }
  return [...found];
}"""
NAMES = {f"rgb{tuple(bytes.fromhex(colour[1:]))}": name for name, colour in standard_colours()["light"].items()}


@pytest.fixture
def site(world):
    return filled_site()


def pairs_on(page) -> set[tuple[str, str]]:
    """Pairs of names; a colour that is mixed of two has none and is left out."""
    pairs = (tuple(NAMES.get(colour, "") for colour in one.split("|")) for one in page.evaluate(SEEN))
    return {pair for pair in pairs if all(pair)}


def test_every_pair_that_is_seen_is_measured(browser, live_server, site):
    context = browser.new_context(base_url=live_server.url, color_scheme="light", reduced_motion="reduce")
    page, found = context.new_page(), {}
    for client, paths in ((Client(), public_paths()), (client_of(site.hanako), persons_paths(site))):
        context.clear_cookies()
        context.add_cookies(
            [{"name": name, "value": one.value, "url": live_server.url} for name, one in client.cookies.items()]
        )
        for path in paths:
            page.goto(path)
            page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            for pair in pairs_on(page):
                found.setdefault(pair, path)
    context.close()
    assert len(found) > 8
    assert {pair: path for pair, path in found.items() if pair not in PAIRS} == {}
