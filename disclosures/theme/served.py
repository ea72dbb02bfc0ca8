"""The theme as this process serves it: read once, when it is first asked for."""

import logging
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse

from disclosures.models import FileType
from disclosures.theme.reading import Fault, Theme, read_theme
from disclosures.theme.tokens import standard_colours

log = logging.getLogger(__name__)
# Ending of the address of the desk's colours.
DESK = "desk.css"
# Pixels of the header's logo; its width follows from its shape.
LOGO_HEIGHT, WIDEST_LOGO = 32, 200


@dataclass(frozen=True)
class Picture:
    """A picture of the theme in a page."""

    address: str
    type: str
    width: int
    height: int


@dataclass(frozen=True)
class ShownTheme:
    """What the pages say of the look. ``logo``: None without one; ``share``: the full address of the picture for links
    elsewhere, empty without one; ``desk_stylesheet``: what comes after the desk's own, likewise; ``paper`` and
    ``dark_paper``: the colours around the pages."""

    stylesheet: str
    desk_stylesheet: str
    icon: str
    icon_type: str
    touch: str
    share: str
    logo: Picture | None
    logo_dark: Picture | None
    logo_has_name: bool
    paper: str
    dark_paper: str


def current_theme() -> Theme | None:
    """Return the theme of this process. None without one, and for one that has errors, which the log then says."""
    return theme_in(settings.THEME) if settings.THEME else None


@lru_cache(maxsize=4)
def theme_in(folder: Path) -> Theme | None:
    theme, faults = read_theme(folder)
    errors: list[Fault] = [fault for fault in faults if fault.is_error]
    if errors:
        log.error("The theme is not used: %s", " | ".join(map(str, errors)))
        return None
    return theme


def shown_theme() -> ShownTheme:
    """Return what the pages say of the look, with the standard in place of all that no theme sets."""
    theme = current_theme()
    colours = theme.colours if theme else standard_colours()
    icon, touch, share = (picture_of(theme, name) for name in ("icon", "touch", "share"))
    return ShownTheme(
        stylesheet=file_address(theme.stylesheet_sha256, "css") if theme else static("css/site.css"),
        desk_stylesheet=file_address(theme.desk_stylesheet_sha256, DESK) if theme and theme.desk_stylesheet else "",
        icon=icon.address if icon else static("icons/favicon.svg"),
        icon_type=icon.type if icon else FileType.SVG.value,
        touch=touch.address if touch else static("icons/touch.png"),
        share=settings.SITE_ADDRESS + share.address if share else "",
        logo=picture_of(theme, "logo"),
        logo_dark=picture_of(theme, "logo-dark"),
        logo_has_name=theme.logo_has_name if theme else False,
        paper=colours["light"]["paper"],
        dark_paper=colours["dark"]["paper"],
    )


def picture_of(theme: Theme | None, name: str) -> Picture | None:
    found = theme.pictures.get(name) if theme else None
    if found is None:
        return None
    width, height = found.width or 1, found.height or 1
    scale = min(LOGO_HEIGHT / height, WIDEST_LOGO / width)
    address = file_address(found.sha256, found.type.ending)
    return Picture(address, found.type.value, max(1, round(width * scale)), max(1, round(height * scale)))


def file_address(sha256: str, ending: str) -> str:
    return reverse("theme_file", args=[sha256, ending])
