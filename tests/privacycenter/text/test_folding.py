"""Texts are compared as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacycenter.text.folding import fold, fold_question, folded_text, hits, stands_in, words_of


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("めーる", "メールアドレス"), ("ﾒｰﾙ", "メールアドレス"), ("メール", "ﾒｰﾙｱﾄﾞﾚｽ"), ("ｶﾞｲﾄﾞ", "ガイド"),
        ("か\u3099いと\u3099", "ガイド"), ("ＳＵＵＭＯ", "suumo"), ("suumo", "ＳＵＵＭＯ"), ("E-Mail", "email"),
        ("email", "your e-mail address"), ("個人 情報", "個人情報"), ("個人情報", "個人\n 情報"), ("airペイ", "Air ペイ"),
        ("株", "㈱リクルート"), ("プライバシーポリシー", "プライバシー・ポリシー"), ("mail", "E-mail address"),
        ("ＭＡＩＬ", "your E‑mail"), ("in", "log-in"), ("login", "log-in"), ("eメール", "メールアドレス"),
        ("ｅメール", "ﾒｰﾙｱﾄﾞﾚｽ"), ("Ｅ－メール", "メール"), ("電子メール", "メールアドレス"), ("メール", "Eメール"),
        ("電子メール", "電子メール"), ("電子", "電子メール"), ("resume", "Résumé"), ("Résumé", "resume"),
        ("re\u0301sume\u0301", "my résumé"), ("デ－タ", "データ"), ("デ-タ", "パーソナルデータ"), ("サ−バ—", "サーバー"),
        ("か\u3099", "ガ"), ("ﾃﾞ-ﾀ", "データ"),
        ("高島", "髙島屋"), ("髙島", "高島屋"), ("山崎", "山﨑製作所"), ("吉田", "𠮷田ギア"), ("葛城", "葛\U000e0100城サロン"),
        ("葛\U000e0100城", "葛城サロン"), ("渡辺", "渡邊商店"), ("渡邉", "渡辺商店"), ("渡邊", "渡邉商店"), ("斉藤", "齋藤"),
        ("斎藤", "齊藤"), ("神", "\ufa19社"), ("ソニー", "ソ\u200bニー"), ("ソ\u2060ニー", "ソニー"), ("email", "e\u00admail"),
        ("カ\ufeff\u3099イド", "ガイド"), ("株式会社あおぞら", "㈱あおぞら"), ("㈱あおぞら", "株式会社あおぞら"),
        ("(株)あおぞら", "株式会社あおぞら"), ("（株）あおぞら", "㍿あおぞら"), ("有限会社", "㈲あおぞら"), ("国分", "國分"),
        ("浜", "濵"), ("島", "嶋"), ("富", "冨"),
    ],
)  # fmt: skip
def test_these_are_the_same(typed, written):
    assert stands_in(fold_question(typed), [fold(written)])


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("art", "party"), ("情報", "清報"), ("userdata", "user data"), ("mail", "email"), ("ail", "e-mail"),
        ("webメール", "メール"), ("電子", "メール"), ("データ", "デ・タ"), ("(株", "株式会社"),
        ("土", "士"), ("太", "大"), ("(例)", "例"),
    ],
)  # fmt: skip
def test_these_are_not(typed, written):
    assert not stands_in(fold_question(typed), [fold(written)])


def test_words_of_a_question_are_each_asked_once():
    assert words_of("ﾒｰﾙ　Eメール --- Data DATA") == ["めーる", "data"]


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("consents", "consent"), ("Companies", "compan"), ("policies", "polic"), ("addresses", "address"),
        ("boxes", "box"), ("searches", "search"), ("cookies", "cookie"), ("services", "service"),
        ("address", "address"), ("status", "status"), ("analysis", "analysis"), ("sms", "sms"), ("his", "his"),
        ("series", "serie"),
    ],
)  # fmt: skip
def test_english_plural_is_asked_without_its_ending(typed, asked):
    assert words_of(typed) == [asked] and asked in typed.lower()


@pytest.mark.parametrize(
    ("typed", "written", "hit"),
    [
        ("がいど", "「ｶﾞｲﾄﾞ」を読む", "ｶﾞｲﾄﾞ"), ("株", "前㈱後", "㈱"), ("email", "My E-mail!", "E-mail"),
        ("mail", "My E-mail!", "mail"),
        ("情報提供", "個人情報\n　提供先", "情報\n　提供"), ("strasse", "die Straße", "Straße"),
        ("葛城", "葛\U000e0100城サロン", "葛\U000e0100城"), ("株式会社", "前（株）後", "（株）"), ("高", "髙島", "髙"),
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
    assert all(0 < part <= len(folded.text) for part in folded.parts)


@given(st.text(max_size=40) | st.text("aZ9 -・ー　\n\u3099\u200b㈱(株)ｶﾞデ髙é\x00\x85", max_size=30))
def test_text_alone_is_folded_the_same(text):
    assert folded_text(text) == fold(text).text


def test_hits_that_touch_are_one():
    assert hits(fold("個人情報"), ["個人", "人情", "情報"]) == [(0, 4)]
