"""What people decide about can be seen, and reads in the order in which it is written: one validator at every door."""

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from privacycenter.text.legible import fault_of, legible, validate_legible

# Spaces, formats, fillers that Unicode calls letters, marks without a letter to stand on.
INVISIBLE = ["\u200b", "\u2060\ufeff", "\u3164", "\uffa0", "\u115f\u1160", "\u2800", " \u3000\t", "\u00ad", "\ufe0f\u0301", "\u2028", "\uffff", "\ufdd0", "\U000e0fff"]  # fmt: skip
REORDERING = [*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))]


@pytest.mark.parametrize("text", INVISIBLE)
def test_text_in_which_nothing_is_seen_is_refused(text):
    with override("ja"), pytest.raises(ValidationError, match="見える文字がありません"):
        validate_legible(text)


@pytest.mark.parametrize("letter", REORDERING)
def test_text_that_is_shown_in_another_order_is_refused(letter):
    with override("ja"), pytest.raises(ValueError, match="^This text has invisible characters that change the order"):
        legible(f"集計の{letter}ため")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "集計",
        "a",
        "7",
        "—",
        "👍",
        "集\u200b計",
        "שלום\u200f",
        "e\u0301",
        "髙\U000e0100",
        "۴",
        "\U0001fae8",
        "a\u200db",
    ],
)
def test_text_that_can_be_read_is_taken(text):
    assert fault_of(text) == ""
    assert legible(text) == text
