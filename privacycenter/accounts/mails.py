"""What allauth's mails are written with. Their links lead to this site's own address, whatever host a request named."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sites.requests import RequestSite


class OurSite(RequestSite):
    """The site that mails name, made without a request."""

    def __init__(self) -> None:
        self.domain = self.name = urlsplit(settings.SITE_ADDRESS).netloc


def at_our_address(context: dict[str, Any]) -> dict[str, Any]:
    """Return the context of a mail with each address of a page (``…_url``) moved to ``SITE_ADDRESS``."""
    moved = {name: moved_here(value) for name, value in context.items() if name.endswith("_url")}
    return {**context, **moved, "current_site": OurSite()}


def moved_here(address: str) -> str:
    parts = urlsplit(address)
    return settings.SITE_ADDRESS + parts._replace(scheme="", netloc="").geturl()
