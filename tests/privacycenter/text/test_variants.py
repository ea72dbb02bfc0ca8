"""The table of forms says one thing about each letter."""

import unicodedata

from privacycenter.text.variants import FORMS, INVISIBLE, TO_TYPED


def test_each_form_is_listed_once_and_leads_to_a_letter_that_is_typed():
    others = [other for forms in FORMS.split() for other in forms[1:]]
    typed = [forms[0] for forms in FORMS.split()]
    assert len(others) == len(set(others)) and len(typed) == len(set(typed))
    assert not set(others) & set(typed) and len(TO_TYPED) == len(others)


def test_no_form_is_one_that_unicode_already_makes_the_same():
    assert [other for other in map(chr, TO_TYPED) if unicodedata.normalize("NFKC", other) != other] == []


def test_no_letter_number_or_sign_is_invisible():
    fillers = set("\u115f\u1160\u3164\uffa0")
    shown = (chr(code) for code in range(0x20000) if unicodedata.category(chr(code))[0] in "LNPS")
    assert [letter for letter in shown if INVISIBLE.match(letter) and letter not in fillers] == []
