"""The colours that a theme may set, by which names, and which of them are read on which. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.conf import settings

from disclosures.theme.colours import contrast

STYLESHEET = settings.BASE_DIR / "static" / "css" / "site.css"
DESK_STYLESHEET = settings.BASE_DIR / "static" / "css" / "admin.css"
# Name in a theme → custom property of the stylesheet. The names are the contract; the properties are ours to rename.
TOKENS = {
    "paper": "--paper",
    "sheet": "--sheet",
    "ink": "--ink",
    "ink-soft": "--ink-soft",
    "line": "--line",
    "edge": "--edge",
    "accent": "--ai",
    "accent-wash": "--ai-wash",
    "alarm": "--shu",
    "alarm-wash": "--shu-wash",
    "good": "--matsu",
    "good-wash": "--matsu-wash",
}
# Names that themes of former versions used → what to do instead. They are left out, and the check says so.
REMOVED: dict[str, str] = {}
SCHEMES = ("light", "dark")
TEXT, SHAPE = 4.5, 3.0
GROUNDS = ("paper", "sheet", "accent-wash", "alarm-wash", "good-wash")
# What the stylesheets put on what: (above, below) → the least contrast (WCAG 2.2, 1.4.3 for text and 1.4.11 for the
# edges of what is filled in or pressed). A browser test finds no other pair on any page.
PAIRS: dict[tuple[str, str], float] = {
    **{(text, ground): TEXT for text in ("ink", "ink-soft", "accent") for ground in GROUNDS},
    **{("alarm", ground): TEXT for ground in ("paper", "sheet", "accent-wash", "alarm-wash")},
    **{("good", ground): TEXT for ground in ("paper", "sheet", "accent-wash", "good-wash")},
    # A filled button; hovered, it has some ink in it, which ink on paper covers.
    ("paper", "accent"): TEXT,
    **{("edge", ground): SHAPE for ground in ("paper", "sheet")},
}
# Of no theme, at the desk alone: (above, the ground's name) → its colour in each scheme, with the least contrast.
FIXED_GROUNDS = {("ink", "warning"): ({"light": "#fcf3dd", "dark": "#33291a"}, TEXT)}
DECLARED = re.compile(r"(--[a-z-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)")

# Scheme → name → colour.
Colours = dict[str, dict[str, str]]


@cache
def standard_colours() -> Colours:
    """Return the colours of the stylesheet itself."""
    declared = {name: colours for name, *colours in DECLARED.findall(STYLESHEET.read_text(encoding="utf-8"))}
    return {
        scheme: {name: declared[variable][number] for name, variable in TOKENS.items()}
        for number, scheme in enumerate(SCHEMES)
    }


@dataclass(frozen=True)
class Unreadable:
    """A pair of colours that is used and is too close. ``ground``: the colour below."""

    scheme: str
    above: str
    below: str
    ground: str
    ratio: float
    least: float


def unreadable_pairs(colours: Colours) -> Iterator[Unreadable]:
    """Yield every pair that the stylesheets use and that has too little contrast."""
    for scheme in SCHEMES:
        for (above, ground), (fixed, least) in FIXED_GROUNDS.items():
            ratio = contrast(colours[scheme][above], fixed[scheme])
            if ratio < least:
                yield Unreadable(scheme, above, ground, fixed[scheme], ratio, least)
        for (above, below), least in PAIRS.items():
            ratio = contrast(colours[scheme][above], colours[scheme][below])
            if ratio < least:
                yield Unreadable(scheme, above, below, colours[scheme][below], ratio, least)
