"""Advice on how easily a text is read: it says where and what, and leaves good texts alone."""

import pytest
import yaml

from privacycenter.text.reading_level import LONGEST_SENTENCE, Advice, Hint, hints_for, length_of, sentences
from tests.support.content import ROOT

pytestmark = pytest.mark.once
LONG_JA = "予約のときに入力した氏名と電話番号とメールアドレスを、宿泊する施設が予約の内容を確かめて連絡するために使えるように、この画面で選んだ施設に渡します。"
LONG_EN = " ".join(["The hotel that you chose gets your name and your number"] * 3) + "."


def found(text, language, explained=()) -> list[tuple[Advice, str]]:
    return [(hint.advice, hint.place) for hint in hints_for(text, language, explained)]


@pytest.mark.parametrize(("text", "language"), [(LONG_JA, "ja"), (LONG_EN, "en")])
def test_long_sentence_is_named_by_its_beginning_and_its_length(text, language):
    short = {"ja": "短い文です。", "en": "It is short. "}[language]
    (hint,) = hints_for(f"{short}{text} {short}", language)
    assert hint.advice is Advice.LONG_SENTENCE and text.startswith(hint.place.removesuffix("…"))
    assert int(hint.detail) == length_of(text, language) > LONGEST_SENTENCE[language]


def test_sentence_just_short_enough_is_left_alone():
    assert found("あ" * (LONGEST_SENTENCE["ja"] - 1) + "。", "ja") == []
    assert found("あ" * LONGEST_SENTENCE["ja"] + "。", "ja") != []
    assert found(" ".join(["word"] * LONGEST_SENTENCE["en"]) + ".", "en") == []


def test_items_cells_and_paragraphs_end_a_sentence_and_marks_are_no_part_of_it():
    text = "- **一つめ**\n- [二つめ](https://example.jp/とても長いアドレス)\n\n段落の\n続き\n\n| 項目 | 使いみち |\n| --- | --- |\n| 氏名 | 連絡 |"
    assert list(sentences(text, "ja")) == ["一つめ", "二つめ", "段落の 続き", "項目", "使いみち", "氏名", "連絡"]


def test_what_is_quoted_does_not_lengthen_a_sentence():
    assert length_of(f"これは「{'あ' * 100}」です。", "ja") < 12


def test_english_sentences_do_not_end_after_a_short_form():
    assert list(sentences("See art. 27 of the act, e.g. The rules. It applies.", "en")) == [
        "See art. 27 of the act, e.g. The rules.", "It applies.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "language", "place"),
    [
        ("提供しないわけではありません。", "ja", "ないわけでは"),
        ("止めざるを得ません。", "ja", "ざるを得"),
        ("This is not unlikely.", "en", "not unlikely"),
        ("It does not fail to reach you.", "en", "not fail to"),
    ],
)
def test_negation_of_a_negation_is_named(text, language, place):
    assert (Advice.DOUBLE_NEGATIVE, place) in found(text, language)


@pytest.mark.parametrize(
    ("text", "language"), [("提供しません。", "ja"), ("You cannot undo it, and not until May.", "en")]
)
def test_one_negation_is_left_alone(text, language):
    assert found(text, language) == []


def test_many_kanji_in_a_row_are_named_but_not_in_a_name_that_is_known():
    assert found("捜査関係事項照会対応の費用です。", "ja") == [(Advice.KANJI_RUN, "捜査関係事項照会対応")]
    assert found("捜査関係事項照会対応の費用です。", "ja", {"捜査関係事項照会対応"}) == []
    assert found("連邦取引委員会に届けます。", "ja") == []


def test_plainer_word_is_given_and_not_inside_a_name():
    assert hints_for("遅滞なく消します。", "ja") == [Hint(Advice.PLAINER_WORD, "遅滞なく", "すぐに")]
    assert hints_for("We ask Prior to that.", "en") == []
    assert hints_for("We ask prior to that.", "en") == [Hint(Advice.PLAINER_WORD, "prior to", "before")]
    assert hints_for("Pursuant to art. 27.", "en")[0].detail == "under"


def test_legal_word_is_named_until_the_glossary_has_it():
    assert found("匿名加工情報にします。", "ja") == [(Advice.UNEXPLAINED, "匿名加工情報")]
    assert found("匿名加工情報にします。", "ja", {"匿名加工情報"}) == []
    assert found("Made into Anonymously processed information.", "en") != []


def test_same_word_is_named_once():
    assert len(hints_for("遅滞なく消し、遅滞なく知らせます。\n\n遅滞なく。", "ja")) == 1


@pytest.mark.parametrize("language", ["ko", "zh-hans", "", "x"])
def test_other_languages_get_no_advice(language):
    assert hints_for(LONG_JA + LONG_EN, language) == []


def test_starter_content_is_mostly_left_alone():
    """Otherwise nobody would read it."""
    texts: list[tuple[str, str]] = []
    names: set[str] = set()

    def walk(value, key=""):
        if isinstance(value, dict) and {"ja", "en"} <= value.keys():
            texts.extend((language, value[language]) for language in ("ja", "en") if value[language])
            names.update(value.values() if key in ("title", "term") else ())
        elif isinstance(value, dict):
            for name, inner in value.items():
                walk(inner, name)
        elif isinstance(value, list):
            for inner in value:
                walk(inner, key)

    for path in (ROOT / "disclosures" / "starter").rglob("*.yaml"):
        walk(yaml.safe_load(path.read_text(encoding="utf-8")))
    advised = sum(bool(hints_for(text, language, names)) for language, text in texts)
    assert len(texts) > 500 and 0 < advised < len(texts) / 10
