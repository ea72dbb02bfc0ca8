"""Addresses with a user name or a password are found wherever they stand; all others are left alone."""

import pytest

from privacycenter.text.addresses import fault_of_addresses, is_linked, names_user
from privacycenter.text.richtext import render

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    "text",
    [
        "https://user:pw@host", "https://u@h/x", "HTTP://u@h", "https:u:p@h", "https:/u@h", "see ftp://a:b@h here",
        "https://a%40b@h", "https://:p@h", "https://@h", "[口座](https://bank.example:443@evil.example/)",
        "窓口はhttps://u:p@host/です", "https://利用者@host.example/",
    ],
)  # fmt: skip
def test_address_with_a_user_is_found(text):
    assert names_user(text)
    assert "@" in fault_of_addresses(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "https://h/@user", "https://h/a?x=@b", "https://h#@", "mailto:a@b.example", "a@b.example",
        "https://h.example/、またはa@b.jp", "https://example.com a@b", "https://social.example/@name", "picture:a@b",
        "https://h.example または a@b.jp", "10:30@本社",
    ],
)  # fmt: skip
def test_other_texts_are_left_alone(text):
    assert not names_user(text)
    assert fault_of_addresses(text) == ""


def test_what_is_no_address_of_ours_is_as_before():
    assert is_linked("https://h.example/@x") and not is_linked("javascript:alert(1)")


def test_link_with_a_user_leads_nowhere():
    assert "href" not in render("[x](https://bank.example@evil.example/) https://u:p@h.example/")
    assert 'href="https://h.example/@x"' in render("[x](https://h.example/@x)")
