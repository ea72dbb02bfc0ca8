"""Forms of a Japanese word, as one pattern over folded texts, from its dictionary form: 消す → 消して, 消さない.

The endings are those of school grammar. No dictionary: a verb is known by its last kana, so the pattern may also fit a
word that is none of its forms. For a search this costs nothing.
"""

import re

# Last kana of a verb → what stands in its place in the other forms.
ROWS = {
    "う": "わいうえおっ", "く": "かきくけこい", "ぐ": "がぎぐげごい", "す": "さしすせそ", "つ": "たちつてとっ",
    "ぬ": "なにぬねのん", "ぶ": "ばびぶべぼん", "む": "まみむめもん", "る": "らりるれろっ",
}  # fmt: skip
# What follows the stem of an ichidan verb (見る, やめる), whose る falls away.
AFTER_ICHIDAN = "るれろなたてまよらさ"
# Before their る an i or an e: mostly ichidan verbs.
I_OR_E = frozenset("いきしちにひみりぎじぢびぴえけせてねへめれげぜでべぺ")
ADJECTIVE_ENDINGS = "いくかけさ"
KANJI = "\u3005-\u3007\u3400-\u9fff"
KANA = re.compile("[\u3041-\u3096]")


def pattern_of(word: str) -> str:
    """Return the pattern of a folded word and its forms. A word that ends like none stands for itself alone."""
    last, stem = word[-1:], word[:-1]
    if len(word) < 2 or not KANA.match(last):
        return re.escape(word)
    if word.endswith("する") and len(word) > 2:
        return re.escape(word[:-2])
    if last in ROWS:
        return before(word) + re.escape(stem) + "[" + endings(stem, last) + "]"
    if last == "い" and (len(word) > 2 or not KANA.match(stem)):
        return re.escape(stem) + f"[{ADJECTIVE_ENDINGS}]"
    return re.escape(word)


def endings(stem: str, last: str) -> str:
    if last == "る" and stem[-1] in I_OR_E:
        return AFTER_ICHIDAN
    return ROWS[last] + (AFTER_ICHIDAN if last == "る" else "")


def before(word: str) -> str:
    """What may not stand before a verb of one 漢字: the first part of another verb (取り消す is not 消す)."""
    return f"(?<![りちし{KANJI}])" if len(word) == 2 else ""
