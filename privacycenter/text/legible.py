"""Whether people can read a text that they decide about: it shows something, and in the order in which it is written.

The receipt of a decision holds the text, and a screen reader speaks it; nobody may see another one. The same two rules
hold at every door: the API, forms, content packs and what is published.
"""

import re
import unicodedata
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from privacycenter.text.languages import speaking_english

# Unicode calls them letters or symbols, but they have no form: fillers of Hangul, and the empty pattern of Braille.
BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")
# Letters, numbers, punctuation, symbols. All else shows nothing by itself: spaces, controls, formats, marks.
SHOWN = frozenset("LNPS")
# Code points without a letter that are, or would be, invisible; and those that are never to be letters.
NEVER_SHOWN = re.compile("[\u2065\ufdd0-\ufdef\ufff0-\ufff8]|[\ufffe\uffff\U0001fffe\U0001ffff\U0002fffe\U0002ffff]")
# Categories of what a name has no use for: controls, formats, what Unicode leaves to others, separators of lines.
# Joiners are formats that some scripts, and emoji, are written with.
NOT_OF_A_NAME = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
JOINERS = frozenset("\u200c\u200d")
# Embeddings, overrides and isolates (UAX #9, sections 2.1 to 2.4): what follows is shown in another order.
REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def fault_of(text: str) -> str:
    """Return what keeps people from reading the text, in the language of the moment; empty if nothing does.

    An empty text has no fault: whether one is required is for others to say.
    """
    if REORDERING.search(text):
        return _("This text has invisible characters that change the order in which it is shown: leave them out.")
    return fault_of_unseen(text)


def fault_of_unseen(text: str) -> str:
    """Return the one fault that a person's own words can have: nothing in them is seen.

    Telephones put characters around a number that change the order; nobody who writes to us shall fail at that.
    """
    if text and not any(is_shown(letter) for letter in text):
        return _("There is nothing in this text that can be seen.")
    return ""


def fault_of_name(name: str) -> str:
    """Return the fault of a name: of any text, or that something in it is neither seen nor a space; empty if none."""
    if any(unicodedata.category(one) in NOT_OF_A_NAME and one not in JOINERS for one in name):
        return _("This name has invisible characters, such as controls or marks of direction: leave them out.")
    return fault_of(name)


def is_shown(letter: str) -> bool:
    category = unicodedata.category(letter)
    if category == "Cn":
        # Not in Python's Unicode: perhaps an emoji of this year, unless Unicode says that it never shows anything.
        return letter < "\U000e0000" and not NEVER_SHOWN.match(letter)
    return category[0] in SHOWN and letter not in BLANK


def validate_legible(text: str) -> None:
    """A validator of form fields."""
    if fault := fault_of(text):
        raise ValidationError(fault, code="illegible")


def validate_seen(text: str) -> None:
    """A validator of form fields for a person's own words."""
    if fault := fault_of_unseen(text):
        raise ValidationError(fault, code="illegible")


def legible_name(name: str) -> str:
    """Return a name that comes from another system; empty if it cannot be read."""
    return "" if fault_of(name) else name


def legible(text: str) -> str:
    """Return the text, or raise ValueError in English. A validator of what machines send."""
    return without_fault(text, fault_of)


def name_like(name: str) -> str:
    """Return the name, or raise ValueError in English. A validator of what machines send."""
    return without_fault(name, fault_of_name)


def without_fault(text: str, find: Callable[[str], str]) -> str:
    if find(text):
        with speaking_english():
            raise ValueError(find(text))
    return text
