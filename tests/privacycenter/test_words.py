"""Words: the reader's language, or Japanese and marked as such."""

import pytest
from django.template import Context, Template
from django.utils.translation import override

from privacycenter.words import words_in

BOTH = {"ja": "氏名", "en": "Name"}


def shown(words, language="en"):
    """The words as a page shows them."""
    with override(language):
        return Template("{{ words }}").render(Context({"words": words}))


@pytest.mark.parametrize(("language", "expected"), [("ja", "氏名"), ("en", "Name")])
def test_words_are_in_the_readers_language(language, expected):
    with override(language):
        words = words_in(BOTH)
    assert (shown(words), words.is_fallback) == (expected, False)


def test_words_in_a_named_language_do_not_ask_the_reader():
    with override("en"):
        assert words_in(BOTH, "ja").text == "氏名"


@pytest.mark.parametrize("texts", [{"ja": "氏名"}, {"ja": "氏名", "en": ""}])
def test_words_that_are_missing_fall_back_and_say_their_language(texts):
    assert shown(words_in(texts, "en")) == '<span lang="ja">氏名</span>'


def test_words_in_rich_text_fall_back_in_a_block():
    assert shown(words_in({"ja": "<p>氏名</p>"}, "en", is_html=True)) == '<div lang="ja"><p>氏名</p></div>'


@pytest.mark.parametrize("texts", [{"en": "<b>&'\""}, {"ja": "<b>&'\""}])
def test_words_are_escaped(texts):
    html = shown(words_in(texts, "en"))
    assert "<b>" not in html
    assert "&lt;b&gt;&amp;&#x27;&quot;" in html


def test_words_in_an_attribute_are_escaped():
    with override("en"):
        html = Template('<a title="{{ words.text }}">').render(Context({"words": words_in({"en": '"><script>'})}))
    assert html == '<a title="&quot;&gt;&lt;script&gt;">'


def test_words_without_any_text_are_false():
    assert not words_in({})
