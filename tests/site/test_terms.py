"""The Japanese catalogue keeps to the terms of the product."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

CATALOG = settings.BASE_DIR / "locale" / "ja" / "LC_MESSAGES" / "django.po"
STRINGS = re.compile(r'^msgstr(?:\[\d\])? ((?:"(?:[^"\\]|\\.)*"\n?)+)', re.MULTILINE)
# What is not said → what is said instead, or why not.
AVOIDED = {
    "レシート": "控え",
    "プライバシー担当(?!者)": "プライバシー担当者",
    "個人情報保護担当": "プライバシー担当者",
    "把握していません": "記載がありません: nothing is stated, which says nothing of what anybody knows",
    "提供の確認がないまま": "許可がないまま: the person may have been asked, and have refused",
    "提供できなくなります|これからは提供できません|渡すことはできません": "認められません: what others do is not in the site's hands",
    "実際に提供された": "報告されている: the record knows only reports",
    "住所・アドレス": "住所 or アドレス",
}


def japanese(catalog: str) -> Iterator[str]:
    for found in STRINGS.findall(catalog):
        yield "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', found))


@pytest.mark.parametrize("words", AVOIDED)
def test_no_interface_text_uses_words_that_are_avoided(words):
    texts = list(japanese(CATALOG.read_text(encoding="utf-8")))
    assert len(texts) > 1500
    assert [text for text in texts if re.search(words, text)] == [], AVOIDED[words]


@pytest.mark.parametrize("words", ["レシート", "プライバシー担当(?!者)", "個人情報保護担当"])
def test_no_content_uses_words_that_are_avoided(words):
    files = [
        path
        for root in ("disclosures/starter", "disclosures/demo", "consents/demo")
        for path in Path(settings.BASE_DIR, root).rglob("*")
        if path.suffix in (".yaml", ".py")
    ]
    assert len(files) > 20
    assert [str(path) for path in files if re.search(words, path.read_text(encoding="utf-8"))] == []


def test_sentence_over_several_lines_is_read_as_one():
    assert list(japanese('msgid "a"\nmsgstr ""\n"レシ"\n"ート"\n')) == ["レシート"]
