"""A whole set of colours from one: the operator's own. Pure."""

from disclosures.theme.colours import BLACK, WHITE, mixed, until_read
from disclosures.theme.tokens import TEXT, Colours, standard_colours

# How much of the colour is in the ground of what is stressed.
LIGHT_WASH, DARK_WASH = 0.07, 0.14
# On dark paper, text of a colour is easier to read with more than the least.
DARK_TEXT = 7.0
# Those of ``tokens.GROUNDS`` that do not follow from the accent.
OTHER_GROUNDS = ("paper", "sheet", "alarm-wash", "good-wash")


def colours_from(accent: str) -> Colours:
    """Return what a theme says for an accent: its wash, and both for dark screens.

    A colour that is not read on its grounds is darkened, for dark screens lightened, as little as is needed.
    """
    standard = standard_colours()
    wash = {
        "light": mixed(standard["light"]["sheet"], accent, LIGHT_WASH),
        "dark": mixed(standard["dark"]["sheet"], accent, DARK_WASH),
    }
    grounds = {
        scheme: [*(colour for name, colour in standard[scheme].items() if name in OTHER_GROUNDS), wash[scheme]]
        for scheme in standard
    }
    return {
        "light": {"accent": until_read(accent, BLACK, grounds["light"], TEXT), "accent-wash": wash["light"]},
        "dark": {"accent": until_read(accent, WHITE, grounds["dark"], DARK_TEXT), "accent-wash": wash["dark"]},
    }
