"""The two languages of a page: its own, and that of its interface."""

import pytest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import datetime
from django.utils.translation import gettext, override

from privacycenter.text.languages import (
    interface_language,
    languages_of_site,
    page_language,
    path_prefix,
    speaking,
    speaking_english,
    translate_url,
)
from privacycenter.text.words import Words, as_written, said_in, words_in

DAY = datetime(2026, 11, 9)


@pytest.fixture
def four(settings):
    settings.LANGUAGES = [(code, code) for code in ("ja", "en", "zh-hans", "ko")]


@pytest.mark.parametrize(
    ("page", "interface", "search", "day"),
    [
        ("ja", "ja", "検索", "2026年11月9日"),
        ("en", "en", "Search", "Nov. 9, 2026"),
        ("ko", "en", "Search", "Nov. 9, 2026"),
        ("zh-hans", "en", "Search", "Nov. 9, 2026"),
    ],
)
def test_interface_is_in_the_pages_language_or_whole_in_english(four, page, interface, search, day):
    with speaking(page):
        assert (page_language(), interface_language()) == (page, interface)
        assert (gettext("Search"), date_format(DAY)) == (search, day)


def test_addresses_carry_the_pages_language(four):
    with speaking("zh-hans"):
        assert (path_prefix(), reverse("faq")) == ("/zh-hans", "/zh-hans/faq/")
        assert [translate_url("/zh-hans/faq/", code) for code in ("ja", "en", "ko")] == [
            "/faq/",
            "/en/faq/",
            "/ko/faq/",
        ]


def test_address_in_another_language_keeps_what_follows_the_path(four):
    with speaking("en"):
        for query in ("?recipient=a&page=2", "?next=/en/faq/", "?", ""):
            assert translate_url(f"/en/faq/{query}", "ja") == f"/faq/{query}"
        assert translate_url("/nothing/here/?a=b", "ja") == "/nothing/here/?a=b"


def test_language_that_the_site_no_longer_has_is_the_default_one(four):
    with speaking("fr"):
        assert (page_language(), interface_language()) == ("ja", "ja")


def test_english_on_a_site_without_it_leaves_the_pages_japanese(settings):
    settings.LANGUAGES = [("ja", "ja")]
    with speaking_english():
        assert (page_language(), interface_language(), reverse("faq")) == ("ja", "en", "/faq/")


def test_languages_are_called_what_their_speakers_call_them(four):
    with speaking("ko"):
        shown = [(one.own_name, one.is_current) for one in languages_of_site()]
    assert shown == [("日本語", False), ("English", False), ("简体中文", False), ("한국어", True)]


def test_content_says_its_language_inside_an_english_interface(four):
    with speaking("ko"):
        assert str(words_in({"ja": "氏名", "ko": "이름"})) == '<span lang="ko">이름</span>'
        assert str(words_in({"ja": "氏名"})) == '<span lang="ja">氏名</span>'
        assert str(words_in({})) == ""


@pytest.mark.parametrize(
    ("text", "supposed", "language"),
    [("氏名", "en", "ja"), ("姓名", "zh-hans", "zh-hans"), ("なまえ", "zh-hans", "ja"), ("이름", "en", "ko"), ("Name", "ko", "ko"),
     ("2026", "ko", "")],
)  # fmt: skip
def test_stored_text_is_in_the_language_of_its_script(four, text, supposed, language):
    assert said_in(text, supposed).language == language


def test_what_one_person_wrote_is_marked_by_its_script(four):
    with override("en"):
        assert as_written("안녕하세요") == Words("안녕하세요", "ko", is_fallback=True)
