"""Legal terms in texts lead to their plain meaning."""

import pytest

from disclosures.public.glossing import GlossTerm, gloss

THIRD = GlossTerm("third-party", "第三者", "だいさんしゃ")
PROVISION = GlossTerm("provision", "第三者提供", "だいさんしゃていきょう")
DATA = GlossTerm("personal-data", "personal data")
JAPANESE = [THIRD, PROVISION, GlossTerm("item", "データ")]


def glossed(html, *terms, seen=None):
    return gloss(html, terms, address="/glossary/", seen=set() if seen is None else seen)


def test_term_becomes_a_link_with_its_reading():
    assert glossed("<p>第三者に渡す</p>", THIRD) == (
        '<p><a class="term" href="/glossary/#third-party"><ruby>第三者<rp>(</rp><rt>だいさんしゃ</rt><rp>)</rp></ruby>'
        "</a>に渡す</p>"
    )


def test_term_is_explained_once_in_all_texts_of_a_section():
    seen = set()
    first = glossed("<p>第三者と第三者</p>", THIRD, seen=seen)
    assert first.count("<a ") == 1 and first.endswith("と第三者</p>")
    assert glossed("<p>第三者</p>", THIRD, seen=seen) == "<p>第三者</p>"


def test_longest_term_wins_and_hides_the_shorter_one():
    html = glossed("<p>第三者提供</p>", *JAPANESE)
    assert "#provision" in html and "#third-party" not in html
    assert "#third-party" not in glossed("<p>第三者提供</p>", *JAPANESE, seen={"provision"})


@pytest.mark.parametrize("text", ["特定第三者", "第三者委員会", "メタデータ", "データベース"])
def test_part_of_a_compound_is_no_term(text):
    assert glossed(f"<p>{text}</p>", *JAPANESE) == f"<p>{text}</p>"


@pytest.mark.parametrize("text", ["impersonal data", "personal database", "personal data2"])
def test_english_term_is_a_whole_word(text):
    assert glossed(f"<p>{text}</p>", DATA) == f"<p>{text}</p>"


def test_english_term_is_found_in_any_case_and_keeps_it():
    assert glossed("<p>Personal data, 個人データ</p>", DATA) == (
        '<p><a class="term" href="/glossary/#personal-data">Personal data</a>, 個人データ</p>'
    )


@pytest.mark.parametrize(
    "html",
    [
        '<p><a href="/x/">第三者</a></p>',
        '<p><a href="/x/"><strong>第三者</strong></a></p>',
        '<p><a href="/第三者/" title="a > 第三者">x</a></p>',
        '<table><tr><th title="第三者">x</th></tr></table>',
    ],
)
def test_nothing_is_touched_inside_a_link_or_a_tag(html):
    assert glossed(html, THIRD) == html


def test_term_after_a_link_is_found():
    assert '<a class="term"' in glossed('<p><a href="/x/">第三者</a>は第三者</p>', THIRD)


def test_other_tags_beginning_with_a_are_no_links():
    assert "#third-party" in glossed("<abbr>略</abbr><p>第三者</p>", THIRD)


def test_entities_are_no_words():
    amp, both = GlossTerm("amp", "amp"), GlossTerm("both", "R&D")
    assert glossed("<p>a &amp; b</p>", amp) == "<p>a &amp; b</p>"
    assert glossed("<p>our R&amp;D</p>", both) == '<p>our <a class="term" href="/glossary/#both">R&amp;D</a></p>'


def test_term_of_markup_stays_text():
    html = glossed("<p>a &lt;b&gt; c</p>", GlossTerm("x", "<b>", "<i>"))
    assert (
        html
        == '<p>a <a class="term" href="/glossary/#x"><ruby>&lt;b&gt;<rp>(</rp><rt>&lt;i&gt;</rt><rp>)</rp></ruby></a> c</p>'
    )


def test_text_without_terms_stays_as_it_is():
    assert glossed("<p>第三者</p>") == "<p>第三者</p>" and glossed("", THIRD) == ""


@pytest.mark.parametrize(
    ("text", "is_linked"),
    [("개인정보를 제공합니다", True), ("(개인정보)", True), ("비개인정보", False)],
)
def test_korean_term_counts_with_what_is_written_on_to_it(text, is_linked):
    linked = gloss(text, [GlossTerm("it", "개인정보")], address="/glossary/", seen=set(), language="ko")
    assert ("<a" in linked) is is_linked


def test_chinese_term_needs_no_bounds():
    linked = gloss(
        "处理个人信息的规则", [GlossTerm("it", "个人信息")], address="/glossary/", seen=set(), language="zh-hans"
    )
    assert linked == '处理<a class="term" href="/glossary/#it">个人信息</a>的规则'
