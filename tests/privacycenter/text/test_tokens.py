"""Texts become tokens by which an index finds them."""

import pytest

from privacycenter.text.folding import fold
from privacycenter.text.tokens import parts_of, stem, tokens_of


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Shared with companies", ["share", "with", "compani"]), ("個人情報", ["個人", "人情", "情報", "個", "人", "情", "報"]),
        ("消して、見る", ["消し", "して", "消", "見る", "見"]), ("suumoで", ["suumo"]), ("don't", ["dont"]), ("、。", []),
        ("会员", ["会员", "会", "员"]), ("회원", ["회원"]),
    ],
)  # fmt: skip
def test_tokens_of_a_text(text, tokens):
    assert list(tokens_of(fold(text).text)) == tokens


def test_parts_of_a_word_with_a_hyphen_are_tokens_too():
    assert list(parts_of(fold("Your e-mail, opt-out"))) == ["e", "mail", "opt", "out"]


@pytest.mark.parametrize(
    ("word", "bare"), [("sharing", "share"), ("his", "his"), ("2024", "2024"), ("recruit’s", "recruit")]
)
def test_stem_of_a_word(word, bare):
    assert stem(word) == bare
