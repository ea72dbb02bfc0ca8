"""What ``bench.log`` measures in a browser: a person's check of the whole record, by the clock, from press to answer.

``python -m bench.record_in_browser``, in the environment of a log that ``bench.sealing`` filled; ``CHROMIUM`` names the
browser. The last line is JSON: rows → seconds.
"""

import json
import os
import time
from http import HTTPStatus
from typing import Any

import django

from bench.sealing import RECORDS
from bench.serving import served

APPLICATION = "privacycenter.wsgi:application"
PATIENCE_MS = 120_000


def main() -> None:
    django.setup()
    cookies = {rows: session_of(rows) for rows in RECORDS}
    with served(APPLICATION, os.environ) as (host, port):
        found = measured(f"http://{host}:{port}", cookies)
    print(json.dumps(found))


def session_of(rows: int) -> dict[str, Any]:
    """Return the cookie of a log-in of the person with so many rows, as the site makes it."""
    from django.conf import settings
    from django.test import Client

    from privacycenter.models import User

    client = Client()
    client.force_login(User.objects.get(username=f"bench-log-{rows}"), settings.AUTHENTICATION_BACKENDS[0])
    return {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}


def measured(site: str, cookies: dict[int, dict[str, Any]]) -> dict[int, float]:
    from playwright.sync_api import expect, sync_playwright

    found = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=["--no-sandbox"])
        for rows, cookie in cookies.items():
            context = browser.new_context()
            context.add_cookies([{**cookie, "url": site}])
            page = context.new_page()
            opened = page.goto(f"{site}/my/record/")
            if opened is None or opened.status != HTTPStatus.OK:
                raise RuntimeError(f"/my/record/ of {rows} rows does not open.")
            began = time.perf_counter()
            page.locator("[data-check]").click()
            expect(page.locator(".check-result .check-holds")).to_be_visible(timeout=PATIENCE_MS)
            found[rows] = time.perf_counter() - began
            context.close()
        browser.close()
    return found


if __name__ == "__main__":
    main()
