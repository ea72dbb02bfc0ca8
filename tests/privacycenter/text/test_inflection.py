"""A word is known in the forms in which people type it."""

import re

import pytest

from privacycenter.text.inflection import pattern_of


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("消す", "消す 消して 消さない 消したい 消せる 消そう"), ("取り消す", "取り消した 取り消せます"),
        ("渡る", "渡った 渡らない 渡ります"), ("やめる", "やめて やめたい やめます やめない"),
        ("見る", "見た 見ない 見られる"), ("消える", "消えた 消えます"), ("書く", "書いた 書きます"),
        ("読む", "読んだ 読まない"), ("使う", "使って 使わない"), ("長い", "長く 長かった 長さ"),
        ("削除する", "削除 削除した"), ("許可しない", "許可しなく 許可しなければ"), ("外国", "外国"), ("さくじょ", "さくじょ"),
    ],
)  # fmt: skip
def test_forms_of_a_word(word, forms):
    assert [form for form in forms.split() if not re.match(pattern_of(word), form)] == []


@pytest.mark.parametrize(
    ("word", "other"),
    [("消す", "消費"), ("消す", "取り消す"), ("渡る", "渡辺"), ("渡す", "譲渡す"), ("や", "ゆ"), ("(す", "す")],
)
def test_other_word_is_none_of_its_forms(word, other):
    assert not re.search(pattern_of(word), other)
