"""Every page of the site, for what has to hold on each: bytes, valid HTML, accessibility."""

import re

from django.test import Client
from django.utils.translation import override

# Public, but not for search engines, so not in the sitemap.
UNLISTED_PATHS = (
    "/search/", "/search/?q=メール", "/search/?q=ありません", "/contact/requests/", "/contact/requests/new/?kind=correction",
    "/where-provided/?item=email&service=jalan", "/where-provided/?item=email&service=zexy", "/no-such-page/",
    "/accounts/login/", "/accounts/password/reset/",
)  # fmt: skip
# What one person, one scenario, … more shows nothing new of.
ALIKE = re.compile(r"^(/en)?/(recipients|services|changes)/(?!abroad/)[^/]+/$")
ONE_OF_THEM = ("/recipients/minato-inn/", "/recipients/northwind-analytics/", "/services/jalan/", "/changes/1/")


def in_both_languages(paths) -> list[str]:
    return [f"{prefix}{path}" for path in paths for prefix in ("", "/en")]


def listed_paths() -> list[str]:
    """All that the sitemap names."""
    with override("ja"):
        listed = re.findall(r"<loc>https?://[^/]+([^<]*)</loc>", Client().get("/sitemap.xml").content.decode())
    assert len(listed) > 50
    return listed


def public_paths() -> list[str]:
    """Each public page, in both languages; of pages that differ only by whom they name, one of each sort."""
    pages = [path for path in listed_paths() if not ALIKE.match(path)]
    return [*pages, *in_both_languages([*ONE_OF_THEM, *UNLISTED_PATHS])]
