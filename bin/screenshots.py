"""Take the pictures of the README and of docs/: what people see, an editor's morning, and an officer's incident."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.serving import manage, product_environment, served  # noqa: E402  needs the path above

IMAGES = ROOT / "docs" / "images"
WIDTH, COLOURS = 1200, 48
PASSWORD = "only-for-these-pictures"  # noqa: S105  for a site that is deleted afterwards
CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
BOOKING = "/en/admin/edit/scenarios/online-booking/"


def main() -> None:
    if CHROMIUM is None:
        sys.exit("There is no Chromium. Install it or set CHROMIUM= to its path.")
    IMAGES.mkdir(exist_ok=True)
    with product_environment(DEMO_PASSWORD=PASSWORD) as environment:
        manage(environment, "prepare")
        with served("privacycenter.wsgi", environment) as (host, port), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            tabs = [
                browser.new_context(
                    base_url=f"http://{host}:{port}", viewport={"width": WIDTH, "height": 800}
                ).new_page()
                for _person in range(2)
            ]
            take_pictures(*tabs)
    sizes = [file.stat().st_size for file in IMAGES.glob("*.png")]
    print(f"{len(sizes)} pictures in {IMAGES.relative_to(ROOT)}, {sum(sizes) / 1024:,.0f} KB")


def take_pictures(page: Page, other: Page) -> None:
    show_what_people_see(page)
    log_in(page, "editor")
    log_in(other, "admin")
    edit(page)
    collide(page, other)
    check(page)
    publish(page)
    show_the_rest(page)
    show_the_officers_side(other)


def show_what_people_see(page: Page) -> None:
    page.goto("/en/where-provided/")
    picture(page, "where-provided", height=1000)
    page.goto("/en/my/")
    page.locator("input[name=login]").fill("hanako")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url("**/my/")
    picture(page, "my-record", height=1000)
    page.context.clear_cookies()


def edit(page: Page) -> None:
    page.goto("/en/admin/preview/where-provided/#online-booking")
    picture(page, "find", "#online-booking")
    page.goto(BOOKING)
    page.locator("#id_title").fill("オンライン予約")
    page.locator("#id_title_en").fill("Booking online")
    picture(page, "form", height=900)
    save(page)


def collide(page: Page, other: Page) -> None:
    for tab in (page, other):
        tab.goto(BOOKING)
    other.locator("#id_title_en").fill("Reserving online")
    save(other)
    page.locator("#id_title_en").fill("Online booking")
    save(page)
    picture(page, "collision", height=900)
    save(page)


def check(page: Page) -> None:
    page.goto(BOOKING.replace("online-booking", "survey-results"))
    page.locator("#id_title_en").fill("")
    save(page)
    page.goto("/en/admin/translations/")
    picture(page, "translations", height=700)
    page.goto("/en/admin/arrange/1/")
    picture(page, "arrange", height=760)
    page.goto("/en/admin/preview/?path=/where-provided/")
    page.wait_for_timeout(500)
    picture(page, "preview", height=900)


def publish(page: Page) -> None:
    page.goto("/en/admin/pending/")
    page.locator("#id_reason").fill("Plainer words for bookings")
    picture(page, "publish", full=True)
    page.locator(".submit-row input[type=submit]").first.click()
    page.goto("/en/admin/publications/1/")
    picture(page, "roll-back", height=760)


def show_the_rest(page: Page) -> None:
    page.goto("/en/admin/")
    picture(page, "desk", height=900)
    page.goto("/en/admin/history/")
    picture(page, "history", height=760)
    page.goto("/en/admin/packs/")
    picture(page, "packs", full=True)


def show_the_officers_side(other: Page) -> None:
    other.goto("/en/admin/cases/")
    picture(other, "cases", height=600)
    other.goto("/en/admin/affected/?recipient=minato-inn&since=2024-01-01&until=2036-12-31")
    other.locator("#counts").scroll_into_view_if_needed()
    picture(other, "affected", height=1250)
    other.locator("form[method=post] [name=reason]").fill("To find out how far the breach goes")
    other.locator("form[method=post] .default").first.click()
    breach(other)
    recall(other)


def breach(other: Page) -> None:
    other.goto("/en/admin/incidents/")
    other.locator("[name=title]").fill("Minato Inn: reservation server")
    other.locator("[name=noticed_at]").fill("2026-11-01T09:00")
    other.locator("form[action='#open-incident'] .default").click()
    other.wait_for_url("**/incidents/*-*/**")
    picture(other, "incident", height=1100)


def recall(other: Page) -> None:
    """hanako recalls everything in a tab of her own; the officer sees the cases."""
    page = other.context.browser.new_context(base_url=address_of(other)).new_page()  # type: ignore[union-attr]
    page.goto("/en/my/recalls/new/?about=everything:")
    page.locator("input[name=login]").fill("hanako")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button").first.click()
    page.locator("input[value=delete]").check()
    page.locator("main form button.solid").click()
    page.locator("main details").first.wait_for()
    picture(page, "recall", height=900)
    other.goto("/en/admin/recalls/")
    picture(other, "recalls", height=760)


def address_of(page: Page) -> str:
    return "/".join(page.url.split("/")[:3])


def log_in(page: Page, name: str) -> None:
    page.goto("/en/accounts/login/?next=/en/admin/")
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url("**/admin/")


def save(page: Page) -> None:
    page.locator("input[name=_save]").first.click()


def picture(page: Page, name: str, element: str = "", *, height: int = 800, full: bool = False) -> None:
    file = IMAGES / f"{name}.png"
    page.set_viewport_size({"width": WIDTH, "height": height})
    page.wait_for_load_state()
    if element:
        page.locator(element).screenshot(path=file)
    else:
        page.screenshot(path=file, full_page=full)
    if convert := shutil.which("convert"):
        subprocess.run([convert, file, "+dither", "-colors", str(COLOURS), "-strip", f"png8:{file}"], check=True)


if __name__ == "__main__":
    main()
