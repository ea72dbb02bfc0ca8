"""Words: the reader's language, or Japanese and marked as such."""

import pytest
from django.template import Context, Template
from django.utils.translation import override

from privacycenter.text.words import as_written, inside_quotes, words_in

BOTH = {"ja": "氏名", "en": "Name"}


def shown(words, language="en"):
    """The words as a page shows them."""
    with override(language):
        return Template("{{ words }}").render(Context({"words": words}))


@pytest.mark.parametrize(("language", "expected"), [("ja", "氏名"), ("en", "Name")])
def test_words_are_in_the_readers_language(language, expected):
    with override(language):
        words = words_in(BOTH)
    assert (shown(words, language), words.is_fallback) == (expected, False)


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


# --- Names between quotation marks -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "name", "inside"),
    [
        ("ja", "「SUUMO」の運営", "『SUUMO』の運営"), ("ja", "「『A』のB」のC", "『「A」のB』のC"), ("ja", "ネット予約", "ネット予約"),
        ("ja", "The “d POINT”", "The “d POINT”"), ("en", "Running “SUUMO”", "Running ‘SUUMO’"),
        ("en", "A guest’s “stay”", "A guest’s ‘stay’"), ("en", "「SUUMO」の運営", "「SUUMO」の運営"),
    ],
)  # fmt: skip
def test_quotation_marks_inside_others_are_inner_ones(language, name, inside):
    with override(language):
        assert inside_quotes(name) == inside


def test_words_inside_quotation_marks_stay_marked_and_escaped():
    with override("en"):
        words = words_in({"ja": "“<b>”"})
        text = Template("{% load site %}{{ words|inside_quotes }}").render(Context({"words": words}))
    assert text == '<span lang="ja">‘&lt;b&gt;’</span>'


def test_name_that_is_no_words_is_escaped():
    with override("ja"):
        assert (
            Template("{% load site %}{{ name|inside_quotes }}").render(Context({"name": "「<b>」"})) == "『&lt;b&gt;』"
        )


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("更新", "en", '<span lang="ja">更新</span>'),
        ("ﾃﾞｰﾀ", "en", '<span lang="ja">ﾃﾞｰﾀ</span>'),
        ("SUUMOを追加", "en", '<span lang="ja">SUUMOを追加</span>'),
        ("SUUMOを追加", "ja", "SUUMOを追加"),
        ("Added <b>", "en", "Added &lt;b&gt;"),
        ("Added", "ja", '<span lang="en">Added</span>'),
        ("2026-11-27", "ja", "2026-11-27"),
    ],
)
def test_text_in_one_language_is_marked_where_the_page_is_in_another(text, language, expected):
    with override(language):
        assert str(as_written(text)) == expected
