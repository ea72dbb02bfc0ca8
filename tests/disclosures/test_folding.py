"""Texts are compared as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disclosures.folding import fold, hits, stands_in


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("めーる", "メールアドレス"), ("ﾒｰﾙ", "メールアドレス"), ("メール", "ﾒｰﾙｱﾄﾞﾚｽ"), ("ｶﾞｲﾄﾞ", "ガイド"),
        ("か\u3099いと\u3099", "ガイド"), ("ＳＵＵＭＯ", "suumo"), ("suumo", "ＳＵＵＭＯ"), ("E-Mail", "email"),
        ("email", "your e-mail address"), ("個人 情報", "個人情報"), ("個人情報", "個人\n 情報"), ("airペイ", "Air ペイ"),
        ("株", "㈱リクルート"), ("プライバシーポリシー", "プライバシー・ポリシー"),
    ],
)  # fmt: skip
def test_these_are_the_same(typed, written):
    assert stands_in(fold(typed).text, fold(written).text)


@pytest.mark.parametrize(("typed", "written"), [("art", "party"), ("情報", "清報"), ("userdata", "user data")])
def test_these_are_not(typed, written):
    assert not stands_in(fold(typed).text, fold(written).text)


@pytest.mark.parametrize(
    ("typed", "written", "hit"),
    [
        ("がいど", "「ｶﾞｲﾄﾞ」を読む", "ｶﾞｲﾄﾞ"), ("株", "前㈱後", "㈱"), ("email", "My E-mail!", "E-mail"),
        ("情報提供", "個人情報\n　提供先", "情報\n　提供"), ("strasse", "die Straße", "Straße"),
    ],
)  # fmt: skip
def test_hit_is_marked_where_it_was_written(typed, written, hit):
    [(start, end)] = hits(fold(written), [fold(typed).text])
    assert written[start:end] == hit


@given(st.text(max_size=40))
def test_every_folded_letter_comes_from_somewhere(text):
    folded = fold(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(folded.starts, folded.ends, strict=True))
    assert list(folded.starts) == sorted(folded.starts)


def test_hits_that_touch_are_one():
    assert hits(fold("個人情報"), ["個人", "人情", "情報"]) == [(0, 4)]
