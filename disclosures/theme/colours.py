"""Colours as #rrggbb, and how well one is read on another. Pure."""

import re

HEX = re.compile(r"#[0-9a-fA-F]{6}")
BLACK, WHITE = "#000000", "#ffffff"


def is_colour(text: object) -> bool:
    return isinstance(text, str) and HEX.fullmatch(text) is not None


def channels(colour: str) -> tuple[float, float, float]:
    """Return red, green and blue, each from 0 to 1."""
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def luminance(colour: str) -> float:
    """Return the relative luminance, from 0 to 1 (WCAG 2.2)."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio, from 1 to 21 (WCAG 2.2, 1.4.3)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mixed(one: str, other: str, share: float) -> str:
    """Return ``one`` with a share, from 0 to 1, of ``other`` in it."""
    parts = zip(channels(one), channels(other), strict=True)
    return "#" + "".join(f"{round(255 * (a + (b - a) * share)):02x}" for a, b in parts)


def until_read(colour: str, towards: str, grounds: list[str], ratio: float) -> str:
    """Return the colour, moved as little as needed towards black or white until it is read on all the grounds."""
    steps = (mixed(colour, towards, share / 100) for share in range(101))
    return next((one for one in steps if all(contrast(one, ground) >= ratio for ground in grounds)), towards)
